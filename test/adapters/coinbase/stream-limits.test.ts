/** The venue's limits for sockets, in hand-moved time. */
import { expect, test } from "vitest";
import { openConnection } from "../../../src/adapters/coinbase/connection.ts";
import { type StreamLimits, streamLimits } from "../../../src/adapters/coinbase/stream-limits.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import { openStreams } from "./stream-rig.ts";
import { countingEntropy, fakeTransport, handTime, reply, START } from "./world.ts";

/** The most that happened within any one second. */
const busiest = (at: readonly number[]): number =>
  Math.max(...at.map((start) => at.filter((t) => t >= start && t < start + 1000).length));

type Ask = (limits: StreamLimits, run: () => void) => void;

test.each<readonly [string, number, Ask]>([
  ["connections", 8, (limits, run) => limits.connection(run)],
  ["messages without a token", 8, (limits, run) => limits.message(false, run)],
  ["messages with a token", 750, (limits, run) => limits.message(true, run)],
])(
  "of many %s at most %i leave in any second, in order, and none later than it must",
  async (_, most, ask) => {
    const time = handTime();
    const limits = streamLimits(time);
    const count = most * 4 + 1;
    const left: { readonly n: number; readonly at: number }[] = [];
    for (let n = 0; n < count; n += 1) {
      ask(limits, () => left.push({ n, at: time.clock.now() }));
    }
    expect(left).toHaveLength(most);
    await time.advance(4000);
    expect(left.map(({ n }) => n)).toEqual([...Array(count).keys()]);
    const at = left.map((each) => each.at);
    expect(busiest(at)).toBe(most);
    expect(at.at(-1)).toBe(START + 4000);
    expect(time.pending()).toBe(0);
  },
);

test("the limits are settings", async () => {
  const time = handTime();
  const limits = streamLimits(time, { publicMessagesPerSecond: 1 });
  let sent = 0;
  for (let n = 0; n < 5; n += 1) limits.message(false, () => (sent += 1));
  await time.advance(2000);
  expect(sent).toBe(3);
});

test("what is cancelled does not leave, takes nobody's turn, and leaves no timer", async () => {
  const time = handTime();
  const limits = streamLimits(time, { connectionsPerSecond: 1 });
  const left: number[] = [];
  const cancels = [0, 1, 2].map((n) => limits.connection(() => left.push(n)));
  cancels[1]?.();
  await time.advance(1000);
  expect(left).toEqual([0, 2]);
  limits.connection(() => left.push(3))();
  expect(time.pending()).toBe(0);
});

test("a clock set back holds nobody up for more than a second", async () => {
  const time = handTime();
  let aheadMs = 3_600_000;
  const clock = { now: () => instant(time.clock.now() + aheadMs) };
  const limits = streamLimits({ clock, timers: time.timers }, { connectionsPerSecond: 1 });
  let opened = 0;
  limits.connection(() => (opened += 1));
  aheadMs = 0;
  limits.connection(() => (opened += 1));
  await time.advance(1000);
  expect(opened).toBe(2);
});

test("a message that left is not kept: at the end only what still waits is cancelled", async () => {
  const time = handTime();
  const { transport, sockets } = fakeTransport(() => reply(500, ""));
  const waiting = new Set<() => void>();
  const left: (() => void)[] = [];
  let cancelled = 0;
  const limits: StreamLimits = {
    connection: (open) => {
      open();
      return () => undefined;
    },
    message: (_, send) => {
      if (left.length < 2) {
        left.push(send);
        send();
      } else waiting.add(send);
      return () => {
        cancelled += 1;
      };
    },
  };
  const connection = openConnection(
    "ws://market",
    {
      greet: async () => ["1", "2", "3"],
      signed: true,
      channels: [],
      hearer: () => ({ hear: () => undefined, over: () => undefined }),
      rejected: () => undefined,
      silentMs: 8000,
    },
    () => undefined,
    { ...time, transport, limits, aheadMs: () => null },
  );
  sockets[0]?.handlers.open();
  await time.advance(0);
  expect(sockets[0]?.sent).toEqual(["1", "2"]);
  connection.retire();
  expect([waiting.size, cancelled]).toEqual([1, 1]);
});

test("both streams of one client share the limits", async () => {
  const { coinbase, sockets, time } = await openStreams(["BTC-USD"], {
    streamRates: { connectionsPerSecond: 1 },
  });
  coinbase.feed.start(() => undefined);
  coinbase.venue?.start(() => undefined);
  await time.advance(999);
  expect(sockets).toHaveLength(1);
  await time.advance(1);
  expect(sockets).toHaveLength(2);
  await coinbase.close();
});

test("subscribing again and again without a key stays below eight messages in any second", async () => {
  const { coinbase, sockets, time } = await openStreams(["BTC-USD"], {
    key: null,
    // Draws near zero: reconnects as fast as they ever come.
    entropy: countingEntropy(),
  });
  coinbase.feed.start(() => undefined);
  const at: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const socket = sockets.at(-1);
    if (socket && !socket.closedByUs && socket.sent.length === 0) socket.handlers.open();
    for (let step = 0; step < 20; step += 1) {
      const before = socket?.sent.length ?? 0;
      await time.advance(50);
      for (let n = before; n < (socket?.sent.length ?? 0); n += 1) at.push(time.clock.now());
    }
    socket?.handlers.close(1006, "");
    await time.advance(300);
  }
  expect(at.length).toBeGreaterThan(60);
  expect(busiest(at)).toBeLessThanOrEqual(8);
  await coinbase.close();
  expect(time.pending()).toBe(0);
});
