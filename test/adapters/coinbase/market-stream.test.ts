/** The supervised market stream: gaps, repetitions, silence, refusals and reconnects, in hand-moved time. */
// Sockets are scripted; nothing sleeps.
import { expect, test } from "vitest";
import { price } from "../../../src/core/kernel/money.ts";
import { acknowledged as ack, beat, book, CHANNELS, openStreams } from "./stream-rig.ts";
import { frame, vectorText } from "./world.ts";

async function feedUp(products?: string[]) {
  const world = await openStreams(products);
  world.coinbase.feed.start((input) => world.heard.push(input));
  await world.up();
  return world;
}

const trades = (sequence: number, ...ids: number[]) =>
  frame(sequence, "market_trades", {
    trades: ids.map((id) => ({
      trade_id: String(id),
      product_id: "BTC-USD",
      price: String(id),
      size: "1",
      time: "2026-09-07T23:37:22Z",
    })),
  });

test("one subscribe message per channel with all products, heartbeats always, each with a token of its own", async () => {
  const { latest } = await feedUp(["BTC-USD", "ETH-USD"]);
  const sent = latest().sent.map((text) => JSON.parse(text));
  expect(sent.map(({ jwt, ...rest }) => rest)).toEqual([
    { type: "subscribe", channel: "heartbeats" },
    ...["level2", "ticker", "market_trades", "candles", "status"].map((channel) => ({
      type: "subscribe",
      channel,
      product_ids: ["BTC-USD", "ETH-USD"],
    })),
  ]);
  expect(new Set(sent.map(({ jwt }) => jwt)).size).toBe(6);
});

test("trades come oldest first and once, across snapshot, updates and reconnects", async () => {
  const { say, of, latest, time, up } = await feedUp();
  say(trades(0, 3, 2, 1), trades(1, 5, 4, 3));
  latest().handlers.close(1006, "");
  await time.advance(1000);
  await up();
  say(trades(0, 7, 6, 5, 4));
  expect(of("market.trade").map((input) => "tradeId" in input && input.tradeId)).toEqual([
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
  ]);
});

test("a gap breaks the stream once, and a new connection subscribes with new tokens", async () => {
  const { say, of, sockets, time, up, latest } = await feedUp();
  say(beat(0), beat(1), beat(3), beat(4));
  expect(of("feed.broken")).toEqual([
    { kind: "feed.broken", stream: "market", cause: "frames lost between 1 and 3" },
  ]);
  expect(sockets[0]?.closedByUs).toBe(true);
  await time.advance(1000);
  expect(sockets).toHaveLength(2);
  await up();
  say(beat(0), beat(1));
  const tokens = sockets.flatMap((socket) => socket.sent.map((text) => JSON.parse(text).jwt));
  expect(new Set(tokens).size).toBe(12);
  expect(of("feed.broken")).toHaveLength(1);
  latest().handlers.close(1001, "bye");
  expect(of("feed.broken")).toHaveLength(2);
});

test("a repeated or somewhat lower number is ignored", async () => {
  const { say, of } = await feedUp();
  say(beat(0), beat(1), trades(2, 1), trades(2, 2), trades(1, 3), trades(3, 4));
  expect(of("market.trade").map((input) => "tradeId" in input && input.tradeId)).toEqual([
    "1",
    "4",
  ]);
  expect(of("feed.broken")).toEqual([]);
});

test.each([
  [1200, 0],
  [2, 0],
  [1300, 299],
])("numbers that begin anew, %i and then %i, break the stream", async (before, after) => {
  const { say, of } = await feedUp();
  for (let sequence = 0; sequence < before; sequence += 1) say(beat(sequence));
  say(trades(before, 1), trades(after, 2));
  expect(of("feed.broken")).toMatchObject([
    { cause: `the numbers began anew: ${after} after ${before}` },
  ]);
  expect(of("market.trade")).toHaveLength(1);
});

test("a first number other than 0, or a first frame that cannot be read, is a gap: a snapshot may be lost", async () => {
  for (const first of [[], ["{"]]) {
    const { say, of } = await feedUp();
    say(...first, trades(1, 1));
    expect(of("feed.broken")).toMatchObject([{ cause: "frames lost before 1" }]);
    expect(of("market.trade")).toEqual([]);
  }
});

test("a first number that is repeated breaks nothing", async () => {
  const { say, of } = await feedUp();
  say(beat(0), beat(0), beat(1));
  expect(of("feed.broken")).toEqual([]);
});

test("silence breaks the stream once, however long the venue stays away", async () => {
  const { say, of, sockets, time } = await feedUp();
  say(ack(0, ...CHANNELS), book(1), beat(2));
  await time.advance(7000);
  say(beat(3));
  await time.advance(7999);
  expect(of("feed.broken")).toEqual([]);
  await time.advance(1);
  expect(of("feed.broken")).toMatchObject([{ cause: "nothing heard for 8000 ms" }]);
  await time.advance(300_000);
  expect(sockets.length).toBeGreaterThan(3);
  expect(of("feed.broken")).toHaveLength(1);
});

test("reconnects are spaced by at least 250 ms and at most 30 s and the time of a failed try", async () => {
  const { sockets, time, latest } = await feedUp();
  const at: number[] = [];
  for (let count = 0; count < 12; count += 1) {
    const before = sockets.length;
    latest().handlers.close(1006, "");
    const began = time.clock.now();
    while (sockets.length === before) await time.advance(50);
    at.push(time.clock.now() - began);
  }
  expect(Math.min(...at)).toBeGreaterThanOrEqual(250);
  expect(Math.max(...at)).toBeLessThanOrEqual(30_050);
});

test("an error frame, and channels left out of the acknowledgement, break the stream", async () => {
  const refused = await feedUp();
  refused.say(vectorText("ws/error.auth.json"));
  expect(refused.of("feed.broken")).toMatchObject([
    { cause: expect.stringMatching(/^the venue says: authentication failure \(.*check the key/) },
  ]);
  const partial = await feedUp();
  const limited = await feedUp();
  limited.say(vectorText("ws/error.rate-limit.json"));
  expect(limited.of("feed.broken")).toMatchObject([
    { cause: expect.stringMatching(/rate limit exceeded \(.*another program/) },
  ]);
  partial.say(ack(0, ...CHANNELS.filter((name) => name !== "market_trades")), book(1), beat(2));
  await partial.time.advance(5000);
  partial.say(beat(3));
  expect(partial.of("feed.alive")).toEqual([]);
  await partial.time.advance(5000);
  expect(partial.of("feed.broken")).toMatchObject([{ cause: "not subscribed: market_trades" }]);
});

test("the stream proves its life only once every channel was acknowledged", async () => {
  const { say, of } = await feedUp();
  const [last = "", ...others] = [...CHANNELS].reverse();
  say(beat(0), book(1), ack(2, ...others), beat(3));
  expect(of("feed.alive")).toEqual([]);
  say(ack(4, last, ...others));
  expect(of("feed.alive")).toHaveLength(1);
});

test("life is proved at most four times a second", async () => {
  const { say, of, time } = await feedUp();
  say(ack(0, ...CHANNELS));
  for (let count = 1; count < 40; count += 1) {
    say(beat(count));
    await time.advance(50);
  }
  expect(of("feed.alive").length).toBeGreaterThanOrEqual(7);
  expect(of("feed.alive").length).toBeLessThanOrEqual(8);
});

test("data of the -USD book reaches its -USDC twin, but not where that has a book of its own", async () => {
  const { say, of } = await feedUp(["BTC-USDC", "USDT-USDC"]);
  say(vectorText("ws/ticker.snapshot.json"));
  expect(of("market.quote")).toMatchObject([{ product: "BTC-USDC", bid: price("68923.66") }]);
  const best = { best_bid: "1", best_ask: "2", best_bid_quantity: "1", best_ask_quantity: "1" };
  say(frame(1, "ticker", { tickers: [{ product_id: "USDT-USD", ...best }] }));
  expect(of("market.quote")).toHaveLength(1);
});

test("what cannot be read is counted and costs nothing else", async () => {
  const { say, of, rejected } = await feedUp();
  say(
    "nonsense",
    frame(0, "ticker", { tickers: [{ product_id: "BTC-USD", best_bid: "some", best_ask: "2" }] }),
    trades(1, 1),
  );
  expect(rejected).toHaveLength(2);
  expect(of("market.trade")).toHaveLength(1);
});

test("a stopped feed closes its socket, leaves no timer and says nothing more", async () => {
  const { coinbase, say, heard, time, sockets, latest } = await feedUp();
  say(beat(0));
  const count = heard.length;
  await coinbase.close();
  latest().handlers.message(beat(1));
  await time.advance(100_000);
  expect(heard).toHaveLength(count);
  expect(sockets).toHaveLength(1);
  expect(time.pending()).toBe(0);
});
