/** The slower market channels, the dress of frames, and batches. */
import { expect, test } from "vitest";
import { type Bench, bench, type Json, Listener, limit } from "./caller.ts";
import { steppingClock } from "./stepping-clock.ts";
import { vector } from "./vectors.ts";

const eventsOf = (socket: Listener, channel: string): readonly Json[] =>
  socket.of(channel).flatMap((frame) => frame.events);

/** An exchange on a clock that the test moves; the keys still sign by the real one. */
async function stepped(
  options: Parameters<typeof bench>[0] = {},
): Promise<Bench & { advance(ms: number): void }> {
  const clock = steppingClock(Date.now());
  const on = await bench({ ...options, clock });
  on.exchange.control.trade("BTC-USD", "100");
  return Object.assign(on, { advance: (ms: number) => clock.advance(ms) });
}

test("the slow ticker comes each five seconds, only for what has traded, without best prices", async () => {
  await using on = await stepped();
  on.exchange.control.trade("ETH-USD", "10");
  using socket = await Listener.open(on.exchange.ws);
  await socket.subscribe("ticker_batch", ["BTC-USDC", "ETH-USD"]);
  on.advance(5000);
  for (const price of ["101", "102", "103"]) on.exchange.control.trade("BTC-USD", price);
  on.advance(4999);
  on.advance(1);
  on.advance(5000);
  await socket.until(() => socket.of("ticker_batch").length === 5);
  const tickers = eventsOf(socket, "ticker_batch").map((event) => [
    event["type"],
    ...(event["tickers"] as Json[]).map((each) => each["price"]),
  ]);
  expect(tickers).toEqual([
    ["snapshot", "100"],
    ["snapshot", "10"],
    ["update", "100"],
    ["update", "10"],
    ["update", "103"],
  ]);
  expect(JSON.stringify(socket.of("ticker_batch"))).not.toContain("best_");
});

test("status tells of products under their own names, again each five seconds, all when none is named", async () => {
  await using on = await stepped();
  using socket = await Listener.open(on.exchange.ws);
  using other = await Listener.open(on.exchange.ws);
  await socket.subscribe("status", ["BTC-USDC"]);
  await other.subscribe("status", []);
  on.exchange.control.setFlags("BTC-USDC", { status: "delisted" });
  on.advance(5000);
  await socket.until(() => socket.of("status").length === 2);
  await other.until(() => other.of("status").length === 2);
  const told = (of: Listener): unknown[] =>
    eventsOf(of, "status").map((event) =>
      (event["products"] as Json[]).map(({ id, status }) => `${id} ${status}`),
    );
  expect(told(socket)).toEqual([["BTC-USDC online"], ["BTC-USDC delisted"]]);
  expect((told(other)[0] as unknown[]).length).toBe(4);
});

test("candles are buckets of five minutes that grow, about once a second", async () => {
  await using on = await stepped();
  using socket = await Listener.open(on.exchange.ws);
  await socket.subscribe("candles", ["BTC-USD"]);
  for (const price of ["104", "99"]) on.exchange.control.trade("BTC-USD", price);
  on.advance(1000);
  on.advance(1000);
  await socket.until(() => socket.of("candles").length === 2);
  const [first, second] = eventsOf(socket, "candles").map(
    (event) => (event["candles"] as Record<string, string>[])[0] ?? {},
  );
  expect(Number(first?.["start"]) % 300).toBe(0);
  expect(second).toMatchObject({ start: first?.["start"], high: "104", low: "99", close: "99" });
});

test("book changes and trades can gather, and one frame then tells of several products", async () => {
  await using on = await stepped({ frames: { level2BatchMs: 100, tradesBatchMs: 250 } });
  on.exchange.control.trade("ETH-USD", "10");
  using socket = await Listener.open(on.exchange.ws);
  await socket.subscribe("level2", ["BTC-USD", "ETH-USD"]);
  await socket.subscribe("market_trades", ["BTC-USD", "ETH-USD"]);
  const before = socket.frames.length;
  for (const price of ["101", "102"]) on.exchange.control.trade("BTC-USD", price);
  on.exchange.control.trade("ETH-USD", "11");
  on.advance(250);
  await socket.until(() => socket.frames.length === before + 2);
  const [levels, trades] = socket.frames.slice(before);
  expect(levels?.events.map((event) => event["product_id"])).toEqual(["BTC-USD", "ETH-USD"]);
  expect(
    trades?.events.map((event) => (event["trades"] as Json[]).map((each) => each["price"])),
  ).toEqual([["102", "101"], ["11"]]);
});

test("an acknowledgement comes after the first data, or before it when told so", async () => {
  for (const ackFirst of [false, true]) {
    await using on = await bench({ frames: { ackFirst } });
    using socket = await Listener.open(on.exchange.ws);
    await socket.subscribe("level2", ["BTC-USD"]);
    await socket.until(() => socket.frames.length === 2);
    const channels = ["l2_data", "subscriptions"];
    expect(socket.frames.map((frame) => frame.channel)).toEqual(
      ackFirst ? channels.reverse() : channels,
    );
    expect(socket.frames.map((frame) => frame.sequence_num)).toEqual([0, 1]);
  }
});

test("an empty client id is on book and user frames, or on all when told so; the beat can be a number", async () => {
  for (const always of [false, true]) {
    const frames = { clientIdAlways: always, numericHeartbeats: always };
    await using on = await bench({ frames });
    on.exchange.control.trade("BTC-USD", "100");
    using socket = await Listener.open(on.exchange.ws);
    await socket.subscribe("user", [], on.exchange);
    for (const channel of ["level2", "ticker", "heartbeats"]) {
      await socket.subscribe(channel, ["BTC-USD"]);
    }
    await socket.until(() => socket.of("heartbeats").length > 0);
    const carries = new Set(
      socket.frames.filter((frame) => frame["client_id"] === "").map((frame) => frame.channel),
    );
    expect([...carries].sort()).toEqual(
      always ? ["heartbeats", "l2_data", "subscriptions", "ticker", "user"] : ["l2_data", "user"],
    );
    const [beat] = eventsOf(socket, "heartbeats");
    expect(typeof beat?.["heartbeat_counter"]).toBe(always ? "number" : "string");
  }
});

test("a spot trader's futures balances are zeros, on either socket and only with a token", async () => {
  await using on = await bench();
  for (const url of [on.exchange.ws, on.exchange.wsUser]) {
    using socket = await Listener.open(url);
    socket.send({ type: "subscribe", channel: "futures_balance_summary" });
    await socket.until(() => socket.frames.length === 1);
    expect(socket.frames[0]).toEqual(vector("ws/error.auth.json"));
    await socket.subscribe("futures_balance_summary", [], on.exchange);
    expect(socket.of("futures_balance_summary")).toHaveLength(1);
  }
});

test("a user snapshot of sixty orders comes as fifty and ten, one of fifty as fifty and none", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  for (const [orders, sizes] of [
    [50, [50, 0]],
    [60, [50, 10]],
  ] as const) {
    while (on.exchange.ledger.orders.length < orders) {
      await on.place({ configuration: limit("0.1", "20.00") });
    }
    using user = await Listener.open(on.exchange.wsUser);
    await user.subscribe("user", [], on.exchange);
    const events = eventsOf(user, "user");
    expect(events.map((event) => (event["orders"] as unknown[]).length)).toEqual(sizes);
    expect(events[0]?.["type"]).toBe("snapshot");
  }
});

test("a socket that hears nothing for long is closed, one with a heartbeat is not", async () => {
  await using on = await stepped({ idleCloseMs: 3000 });
  using idle = await Listener.open(on.exchange.ws);
  using busy = await Listener.open(on.exchange.ws);
  await idle.subscribe("ticker", ["ETH-USD"]);
  await busy.subscribe("heartbeats", []);
  for (let second = 0; second < 5; second += 1) on.advance(1000);
  await idle.until(() => idle.closedWith !== null);
  expect([idle.closedWith, busy.closedWith]).toEqual([1000, null]);
});
