/** What the two sockets say, in which order, and how it is numbered. */
import { expect, test } from "vitest";
import { bench, type Json, Listener, limit, market } from "./caller.ts";
import { vector } from "./vectors.ts";

const picked = (orders: readonly Json[], ...keys: readonly string[]): unknown[] =>
  orders.map((order) => keys.map((key) => order[key]).join(" "));

test("user frames tell an order's life in cumulative steps and say FILLED twice", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  expect(user.frames.map((frame) => frame.channel)).toEqual(["user", "subscriptions"]);
  await on.place({ configuration: limit("1", "100.00", { post_only: true }) });
  on.exchange.control.trade("BTC-USD", "100", "0.4");
  on.exchange.control.trade("BTC-USD", "99");
  await user.until(() => user.orders().length === 5);
  expect(
    picked(
      user.orders(),
      "status",
      "cumulative_quantity",
      "outstanding_hold_amount",
      "leaves_quantity",
    ),
  ).toEqual([
    "PENDING 0 101.2 1",
    "OPEN 0 101.2 1",
    "OPEN 0.4 60.72 0.6",
    "FILLED 1 60.72 0",
    "FILLED 1 0 0",
  ]);
  expect(picked(user.orders(), "filled_value", "total_fees", "number_of_fills").at(-1)).toBe(
    "100 0.6 2",
  );
});

test("user updates come after the reply to the order, and PENDING can be left out", async () => {
  await using on = await bench({ userUpdates: { pending: false, cancelQueued: false } });
  on.exchange.control.trade("BTC-USD", "110");
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", ["BTC-USD"], on.exchange);
  const id = await on.place({ configuration: limit("1", "100.00") });
  await on.post("/orders/batch_cancel", { order_ids: [id] });
  await user.until(() => user.orders().length === 2);
  expect(picked(user.orders(), "status", "cancel_reason")).toEqual([
    "OPEN ",
    "CANCELLED User requested cancel",
  ]);
});

test("the user snapshot holds the open orders in batches of fifty, and the market socket has it too", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  for (let index = 0; index < 50; index += 1)
    await on.place({ configuration: limit("0.1", "20.00") });
  using user = await Listener.open(on.exchange.ws);
  await user.subscribe("user", [], on.exchange);
  const sizes = user
    .of("user")
    .map((frame) => frame.events.flatMap((event) => event["orders"]).length);
  expect(sizes).toEqual([50, 0]);
});

test("every frame of a connection has the next number, acknowledgements included, from zero", async () => {
  await using on = await bench({
    market: { constant: { "BTC-USD": "100", "ETH-USD": "10" } },
    barSeconds: 0.1,
  });
  using socket = await Listener.open(on.exchange.ws);
  for (const channel of ["heartbeats", "ticker", "level2", "market_trades", "candles"]) {
    await socket.subscribe(channel, channel === "heartbeats" ? [] : ["BTC-USD", "ETH-USD"]);
  }
  await socket.until(() => socket.of("heartbeats").length > 0 && socket.frames.length > 40);
  const numbers = socket.frames.map((frame) => frame.sequence_num);
  expect(numbers).toEqual(numbers.map((_number, index) => index));
  expect(socket.of("subscriptions").at(-1)?.events[0]?.["subscriptions"]).toEqual({
    heartbeats: ["heartbeats"],
    ticker: ["BTC-USD", "ETH-USD"],
    level2: ["BTC-USD", "ETH-USD"],
    market_trades: ["BTC-USD", "ETH-USD"],
    candles: ["BTC-USD", "ETH-USD"],
  });
});

test("level2 snapshot and updates rebuild exactly the book that REST shows", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "110");
  using socket = await Listener.open(on.exchange.ws);
  await socket.subscribe("level2", ["BTC-USDC"]);
  on.exchange.control.trade("BTC-USD", "111.37");
  on.exchange.control.trade("BTC-USD", "108");
  await on.place({ configuration: market({ quote_size: "5000.00" }) });
  await socket.until(() => socket.of("l2_data").length === 4);
  const levels = new Map<string, string>();
  for (const event of socket.of("l2_data").flatMap((frame) => frame.events)) {
    expect(event["product_id"]).toBe("BTC-USD");
    for (const update of event["updates"] as Record<string, string>[]) {
      const key = `${update["side"]} ${update["price_level"]}`;
      if (update["new_quantity"] === "0") levels.delete(key);
      else levels.set(key, update["new_quantity"] ?? "");
    }
  }
  const book = (await on.get("/product_book?product_id=BTC-USD")).json["pricebook"] as Record<
    string,
    Record<string, string>[]
  >;
  const shown = [
    ...(book["bids"] ?? []).map(({ price, size }) => [`bid ${price}`, size] as const),
    ...(book["asks"] ?? []).map(({ price, size }) => [`offer ${price}`, size] as const),
  ];
  expect([...levels].sort()).toEqual([...shown].sort());
});

test("unknown channels, missing tokens and bad tokens are all called an authentication failure", async () => {
  await using on = await bench();
  using socket = await Listener.open(on.exchange.wsUser);
  socket.send({ type: "subscribe", channel: "full", product_ids: ["BTC-USD"] });
  socket.send({ type: "subscribe", channel: "user" });
  socket.send({ type: "subscribe", channel: "heartbeats", jwt: "nonsense" });
  await socket.until(() => socket.frames.length === 3);
  expect(socket.frames).toEqual(Array(3).fill(vector("ws/error.auth.json")));
});

test("a product that does not exist is left out of the acknowledgement", async () => {
  await using on = await bench();
  using socket = await Listener.open(on.exchange.ws);
  await socket.subscribe("ticker", ["BTC-USD", "DOGE-USD"]);
  expect(socket.of("subscriptions")[0]?.events).toEqual([
    { subscriptions: { ticker: ["BTC-USD"] } },
  ]);
  socket.send({ type: "unsubscribe", channel: "ticker", product_ids: ["BTC-USD"] });
  await socket.until(() => socket.of("subscriptions").length === 2);
  expect(socket.of("subscriptions")[1]?.events).toEqual([{ subscriptions: {} }]);
});

test("dropped frames leave a gap in the numbers; a silent socket stays open and shows a gap after it", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  using socket = await Listener.open(on.exchange.ws);
  await socket.subscribe("market_trades", ["BTC-USD"]);
  const numbers = (): number[] => socket.of("market_trades").map((frame) => frame.sequence_num);
  on.exchange.control.dropFrames(1, ["market"]);
  for (const price of ["101", "102"]) on.exchange.control.trade("BTC-USD", price);
  on.exchange.control.silence(["market"]);
  for (const price of ["103", "104"]) on.exchange.control.trade("BTC-USD", price);
  on.exchange.control.resume();
  on.exchange.control.trade("BTC-USD", "105");
  await socket.until(() => numbers().length === 3);
  expect(numbers()).toEqual([0, 3, 6]);
  expect(socket.closedWith).toBeNull();
});

test("sockets close with the code asked for, and those that never subscribe are dropped", async () => {
  await using on = await bench({ subscribeWithinMs: 900 });
  using idle = await Listener.open(on.exchange.ws);
  using busy = await Listener.open(on.exchange.ws);
  await busy.subscribe("heartbeats", []);
  await idle.until(() => idle.closedWith !== null);
  expect(busy.closedWith).toBeNull();
  on.exchange.control.closeSockets(1001);
  await busy.until(() => busy.closedWith !== null);
  expect(busy.closedWith).toBe(1001);
});
