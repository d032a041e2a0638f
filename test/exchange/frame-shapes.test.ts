/** Every frame of the sockets has the keys and the formats of the recorded ones. */
import { expect, test } from "vitest";
import {
  type Bench,
  bench,
  claimsFor,
  type Frame,
  type Json,
  Listener,
  limit,
  market,
  sign,
} from "./caller.ts";
import { expectShape, shape, vector, vectorText } from "./vectors.ts";

const CHANNELS = ["ticker", "ticker_batch", "market_trades", "candles", "status", "heartbeats"];

/** What a market socket says, by channel and kind. */
async function marketFrames(on: Bench): Promise<ReadonlyMap<string, Frame>> {
  for (const price of ["100", "104.5", "99.25"]) on.exchange.control.trade("BTC-USD", price, "0.5");
  on.exchange.control.trade("ETH-USD", "10");
  using socket = await Listener.open(on.exchange.ws);
  for (const channel of [...CHANNELS, "level2"]) await socket.subscribe(channel, ["BTC-USD"]);
  on.exchange.control.trade("BTC-USD", "103");
  await socket.until(() => socket.of("heartbeats").length > 0 && socket.of("candles").length > 1);
  const seen = new Map<string, Frame>();
  for (const frame of socket.frames)
    seen.set(`${frame.channel} ${frame.events[0]?.["type"]}`, frame);
  return seen;
}

const MARKET: readonly (readonly [string, string])[] = [
  ["candles snapshot", "ws/candles.snapshot.json"],
  ["candles update", "ws/candles.update.json"],
  ["heartbeats undefined", "ws/heartbeats.string-counter.json"],
  ["heartbeats undefined", "ws/heartbeats.int-counter.json"],
  ["l2_data snapshot", "ws/l2_data.snapshot.json"],
  ["l2_data update", "ws/l2_data.update.json"],
  ["market_trades snapshot", "ws/market_trades.snapshot.json"],
  ["market_trades update", "ws/market_trades.update.json"],
  ["status snapshot", "ws/status.snapshot.json"],
  ["ticker snapshot", "ws/ticker.snapshot.json"],
  ["ticker update", "ws/ticker.update.json"],
  ["ticker_batch snapshot", "ws/ticker_batch.snapshot.json"],
];

test("market frames have the recorded shapes, in the dress of then and of now", async () => {
  for (const then of [false, true]) {
    await using on = await bench({ frames: { clientIdAlways: then, numericHeartbeats: then } });
    const seen = await marketFrames(on);
    for (const [kind, name] of MARKET) {
      const dressed = "client_id" in (vector(name) as Json);
      const always = name.startsWith("ws/l2_data");
      if (dressed === then || always) expectShape(seen.get(kind), name);
    }
  }
});

test("acknowledgements have the recorded shapes", async () => {
  for (const [names, clientIdAlways] of [
    [["subscriptions.single", "subscriptions.cumulative"], false],
    [["subscriptions.user", "subscriptions.empty"], true],
  ] as const) {
    await using on = await bench({ frames: { clientIdAlways } });
    using socket = await Listener.open(on.exchange.ws);
    const acks = (): readonly Frame[] => socket.of("subscriptions");
    if (clientIdAlways) {
      await socket.subscribe("user", [], on.exchange);
      const jwt = await sign(on.exchange, claimsFor(on.exchange.keyName));
      socket.send({ type: "unsubscribe", channel: "user", jwt });
    } else {
      await socket.subscribe("level2", ["BTC-USD", "ETH-USD"]);
      await socket.subscribe("heartbeats", []);
    }
    await socket.until(() => acks().length === 2);
    for (const [index, name] of names.entries()) expectShape(acks()[index], `ws/${name}.json`);
  }
});

test("user frames have the recorded shapes at each step of an order", async () => {
  await using on = await bench({ balances: { BTC: "1" } });
  on.exchange.control.trade("BTC-USD", "110");
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  expectShape(user.of("user")[0], "ws/user.snapshot-empty.json");
  const steps = async (count: number, ...names: readonly string[]): Promise<void> => {
    const before = done;
    done += count;
    await user.until(() => user.of("user").length >= done);
    for (const [index, name] of names.entries()) {
      const frame = user.of("user")[before + index];
      const recorded = (vector(`ws/user.${name}.json`) as Frame).events[0]?.["orders"] as Json[];
      const orders = frame?.events[0]?.["orders"] as Json[];
      expectShape(frame, `ws/user.${name}.json`);
      for (const key of ["status", "order_type", "cancel_reason", "leaves_quantity"]) {
        if (key === "leaves_quantity" && recorded[0]?.[key] !== "0") continue;
        expect([name, key, orders[0]?.[key]]).toEqual([name, key, recorded[0]?.[key]]);
      }
    }
  };
  let done = 1;
  const resting = { configuration: limit("1", "100.00", { post_only: true }) };
  await on.place(resting);
  await steps(2, "update-pending", "update-open");
  on.exchange.control.trade("BTC-USD", "100", "0.4");
  await steps(1, "update-partial");
  on.exchange.control.trade("BTC-USD", "99");
  await steps(2, "update-filled-1", "update-filled-2");
  const leaving = await on.place({ side: "SELL", configuration: limit("0.5", "190.00") });
  await steps(2);
  await on.post("/orders/batch_cancel", { order_ids: [leaving] });
  await steps(2, "update-cancel-queued", "update-cancelled");
  on.exchange.control.failNextOrder("HOLD_FAILURE");
  await on.place({ configuration: limit("0.5", "50.00") });
  await steps(2, "update-pending");
  expect(user.orders().at(-1)?.["reject_Reason"]).toBe("HOLD_FAILURE");
  on.exchange.control.quote("BTC-USD", { bids: [], asks: [["99.00", "5"]] });
  await on.place({ configuration: market({ quote_size: "50.00" }) });
  await steps(3);
  await steps(1, "update-market-quote-filled");
});

test("a failed order's frame has the recorded shape, but that it gives the reason", async () => {
  await using on = await bench();
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  on.exchange.control.failNextOrder("HOLD_FAILURE");
  const id = "77a1e3d2-13b7-4f05-9f30-0ab9c5d41e04";
  await on.place({ id, configuration: limit("0.5", "50.00") });
  await user.until(() => user.orders().length === 2);
  const [ours, theirs] = [
    shape(user.of("user").at(-1)),
    shape(vector("ws/user.update-failed.json")),
  ];
  const reason = ".events[].orders[].reject_Reason";
  expect({ ...ours, [reason]: "" }).toEqual({ ...theirs, [reason]: "" });
});

test("user snapshots have the recorded shapes, whole or in batches", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  const snapshot = async (): Promise<readonly Frame[]> => {
    using user = await Listener.open(on.exchange.wsUser);
    await user.subscribe("user", [], on.exchange);
    return user.of("user");
  };
  await on.place({ configuration: limit("0.1", "20.00", { post_only: true }) });
  expectShape((await snapshot())[0], "ws/user.snapshot-one-open.json");
  while (on.exchange.ledger.orders.length < 60) {
    await on.place({ configuration: limit("0.1", "20.00") });
  }
  const [first, second] = await snapshot();
  expectShape(first, "ws/user.snapshot-batch-1-of-2.json");
  expectShape(second, "ws/user.snapshot-batch-2-of-2.json");
});

test("futures balances and error frames have the recorded shapes", async () => {
  await using on = await bench();
  using user = await Listener.open(on.exchange.wsUser);
  user.send({ type: "subscribe", channel: "full" });
  await user.until(() => user.frames.length === 1);
  expectShape(user.frames[0], "ws/error.auth.json");
  await user.subscribe("futures_balance_summary", [], on.exchange);
  const [frame] = user.of("futures_balance_summary");
  expectShape(frame, "ws/futures_balance_summary.snapshot.json");
});

const session = (name: string): readonly Frame[] =>
  vectorText(name)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Frame);

const outline = (frames: readonly Frame[]): readonly string[] =>
  frames.map(
    (frame) => `${frame.sequence_num} ${frame.channel} ${frame.events[0]?.["type"] ?? ""}`,
  );

test("a market connection begins as the recorded one", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  using socket = await Listener.open(on.exchange.ws);
  await socket.subscribe("level2", ["BTC-USD"]);
  await socket.subscribe("heartbeats", []);
  await socket.until(() => socket.of("heartbeats").length === 1);
  on.exchange.control.trade("BTC-USD", "101");
  await socket.until(() => socket.frames.length === 5);
  expect(outline(socket.frames)).toEqual(outline(session("ws/session.market-level2.jsonl")));
});

test("a user connection goes through a limit buy as the recorded one", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  await user.subscribe("heartbeats", []);
  await user.until(() => user.of("heartbeats").length === 1);
  await on.place({ configuration: limit("1", "100.00", { post_only: true }) });
  on.exchange.control.trade("BTC-USD", "100", "0.4");
  on.exchange.control.trade("BTC-USD", "99");
  await user.until(() => user.orders().length === 5);
  const recorded = session("ws/session.user-limit-buy.jsonl");
  expect(outline(user.frames).slice(0, recorded.length)).toEqual(outline(recorded));
});
