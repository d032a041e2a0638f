/** Faults of frames and sockets: lost, doubled, swapped, stale, silent, closed, refused. */
import { expect, test } from "vitest";
import { type Bench, bench, Listener, limit, market } from "./caller.ts";
import { vector } from "./vectors.ts";

async function watched(): Promise<{ on: Bench; socket: Listener }> {
  const on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  const socket = await Listener.open(on.exchange.ws);
  await socket.subscribe("ticker", ["BTC-USD"]);
  return { on, socket };
}

const trades = (on: Bench, ...prices: readonly string[]): void => {
  for (const price of prices) on.exchange.control.trade("BTC-USD", price);
};
const numbers = (socket: Listener, channel = "ticker"): readonly number[] =>
  socket.of(channel).map((frame) => frame.sequence_num);
const happened = (on: Bench, fault: string): number | undefined =>
  on.exchange.control.faults().find((each) => each.fault === fault)?.happened;

test("a doubled frame comes twice under one number", async () => {
  const { on, socket } = await watched();
  await using _on = on;
  using _socket = socket;
  on.exchange.control.duplicateFrames(1, ["market"]);
  trades(on, "101", "102");
  await socket.until(() => numbers(socket).length === 4);
  expect(numbers(socket)).toEqual([0, 2, 2, 3]);
  expect(socket.of("ticker")[1]).toEqual(socket.of("ticker")[2]);
  expect(happened(on, "duplicate-frame")).toBe(1);
});

test("swapped frames each come after the one that follows them", async () => {
  const { on, socket } = await watched();
  await using _on = on;
  using _socket = socket;
  on.exchange.control.swapFrames(2, ["market"]);
  trades(on, "101", "102", "103", "104", "105");
  await socket.until(() => numbers(socket).length === 6);
  expect(numbers(socket)).toEqual([0, 3, 2, 5, 4, 6]);
  expect(happened(on, "swap-frame")).toBe(2);
});

test("lost frames can be those of one channel alone", async () => {
  const { on, socket } = await watched();
  await using _on = on;
  using _socket = socket;
  await socket.subscribe("level2", ["BTC-USD"]);
  on.exchange.control.dropFrames(1, ["market"], "l2_data");
  const before = socket.of("l2_data").length;
  trades(on, "101", "102");
  await socket.until(() => socket.of("l2_data").length > before);
  expect(numbers(socket)).toEqual([0, 5, 7]);
  expect(numbers(socket, "l2_data")).toEqual([2, 6]);
});

test("one channel can go silent while the socket still beats, until it is resumed", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  await user.subscribe("heartbeats", []);
  on.exchange.control.silence(["user"], "user");
  await on.place({ configuration: limit("1", "90.00") });
  await user.until(() => user.of("heartbeats").length > 0);
  expect(user.orders()).toEqual([]);
  on.exchange.control.resume();
  await on.place({ configuration: limit("1", "80.00") });
  await user.until(() => user.orders().length === 2);
  expect(happened(on, "silence")).toBe(2);
});

test("after an order has ended an older step of it can be told once more", async () => {
  await using on = await bench();
  on.exchange.control.trade("BTC-USD", "100");
  using user = await Listener.open(on.exchange.wsUser);
  await user.subscribe("user", [], on.exchange);
  on.exchange.control.repeatStaleOrders(1);
  await on.place({ configuration: market({ base_size: "0.1" }) });
  await on.place({ configuration: market({ base_size: "0.1" }) });
  await user.until(() => user.orders().length === 9);
  expect(user.orders().map((order) => order["status"])).toEqual([
    ...["PENDING", "OPEN", "FILLED", "FILLED", "OPEN"],
    ...["PENDING", "OPEN", "FILLED", "FILLED"],
  ]);
  expect(numbers(user, "user")).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(happened(on, "stale")).toBe(1);
});

test.each([1000, 1001, 1006])(
  "sockets are closed with %i, and can be opened again",
  async (code) => {
    const { on, socket } = await watched();
    await using _on = on;
    using _socket = socket;
    on.exchange.control.closeSockets(code, ["market"]);
    await socket.until(() => socket.closedWith !== null);
    expect([socket.closedWith, happened(on, "close")]).toEqual([code, 1]);
    using again = await Listener.open(on.exchange.ws);
    await again.subscribe("ticker", ["BTC-USD"]);
    expect(numbers(again)).toEqual([0]);
  },
);

test("sockets can be refused while opening", async () => {
  await using on = await bench();
  on.exchange.control.refuseSockets(1);
  await expect(Listener.open(on.exchange.wsUser)).rejects.toThrow(/503/);
  using again = await Listener.open(on.exchange.wsUser);
  expect(again.closedWith).toBeNull();
});

test("an error frame has no envelope and no number", async () => {
  const { on, socket } = await watched();
  await using _on = on;
  using _socket = socket;
  on.exchange.control.sendError("rate limit exceeded");
  trades(on, "101");
  await socket.until(() => numbers(socket).length === 2);
  expect(socket.frames[2]).toEqual(vector("ws/error.rate-limit.json"));
  expect(numbers(socket)).toEqual([0, 2]);
});

test("a refused token on a socket is an authentication failure, and the next one is good", async () => {
  await using on = await bench();
  using user = await Listener.open(on.exchange.wsUser);
  on.exchange.control.refuseTokens(1);
  await expect(
    Promise.race([
      user.subscribe("user", [], on.exchange),
      user.until(() => user.frames.length > 0).then(() => "refused"),
    ]),
  ).resolves.toBe("refused");
  expect(user.frames).toEqual([vector("ws/error.auth.json")]);
  await user.subscribe("user", [], on.exchange);
  expect(user.of("user")).toHaveLength(1);
});
