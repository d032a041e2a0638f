/** A recorded session of the real venue through the whole stream: nothing rejected, never crossed, and it adds up. */
// The recording never subscribed to `status`, so its clock here runs at a third: it ends before anybody misses that.
import { expect, test } from "vitest";
import { createBooks } from "../../../src/adapters/coinbase/books.ts";
import { readFrame } from "../../../src/adapters/coinbase/frame.ts";
import { decimal, type Price, price, type Size, sum } from "../../../src/core/kernel/money.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import { recordedFrames } from "../../kit/capture.ts";
import { openStreams } from "./stream-rig.ts";

const frames = recordedFrames();
const SLOWER = 3;
const PRODUCTS = ["BTC-USD", "ETH-USD"];

test("775 changes of two books leave exactly the levels and tops that were counted elsewhere, never crossed", () => {
  const books = createBooks();
  const count: Record<string, number> = {};
  const wrong: string[] = [];
  let changes = 0;
  for (const { text } of frames) {
    const frame = readFrame(text);
    if (frame.kind !== "numbered") throw new Error(frame.kind);
    wrong.push(...frame.rejected);
    count[frame.body.channel] = (count[frame.body.channel] ?? 0) + 1;
    for (const event of frame.body.channel === "level2" ? frame.body.events : []) {
      changes += 1;
      const cause = books.apply(event);
      if (cause !== null) wrong.push(cause);
    }
  }
  expect(wrong).toEqual([]);
  expect(changes).toBe(775);
  expect(count).toEqual({
    level2: 775,
    ticker: 160,
    market_trades: 59,
    candles: 6,
    heartbeats: 25,
    subscriptions: 5,
  });
  const ends = PRODUCTS.map((product) => {
    const book = books.whole(product);
    const [bid, ask] = [book?.best("bid"), book?.best("ask")];
    return [
      bid && decimal(bid.price),
      ask && decimal(ask.price),
      book?.count("bid"),
      book?.count("ask"),
    ];
  });
  expect(ends).toEqual([
    ["65083.66", "65083.67", 18_769, 27_238],
    ["1919.28", "1919.38", 6925, 16_403],
  ]);
});

async function replayed() {
  const began = instant(Math.floor((frames[0]?.at ?? 0) * 1000));
  const world = await openStreams(PRODUCTS, {}, began);
  world.coinbase.feed.start((input) => world.heard.push(input));
  await world.up();
  let at = frames[0]?.at ?? 0;
  let owed = 0;
  for (const frame of frames) {
    owed += ((frame.at - at) * 1000) / SLOWER;
    at = frame.at;
    if (owed >= 10) {
      await world.time.advance(Math.floor(owed));
      owed -= Math.floor(owed);
    }
    world.say(frame.text);
  }
  await world.time.advance(300);
  await world.coinbase.close();
  return world;
}
const world = replayed();

test("through the stream the session is whole: no break, no rejection, the last of every kind as recorded", async () => {
  const { heard, rejected, log, of } = await world;
  expect(rejected).toEqual([]);
  expect(of("feed.broken")).toEqual([]);
  expect(log.lines).toEqual([]);
  const last = (kind: string, product: string) =>
    heard
      .filter((input) => input.kind === kind && "product" in input && input.product === product)
      .at(-1);
  expect(last("market.quote", "BTC-USD")).toMatchObject({
    bid: price("65083.66"),
    ask: price("65083.67"),
  });
  expect(last("market.quote", "ETH-USD")).toMatchObject({
    bid: price("1919.28"),
    ask: price("1919.38"),
  });
  for (const product of PRODUCTS) {
    const depth = last("market.depth", product);
    const quote = last("market.quote", product);
    if (depth?.kind !== "market.depth" || quote?.kind !== "market.quote") throw new Error("both");
    expect(depth.depth.bids).toHaveLength(10);
    expect(depth.depth.asks).toHaveLength(10);
    expect(depth.depth.bids[0]).toEqual({ price: quote.bid, size: quote.bidSize });
    expect(depth.depth.asks[0]).toEqual({ price: quote.ask, size: quote.askSize });
  }
  const trades = of("market.trade").flatMap((input) =>
    input.kind === "market.trade" ? [`${input.product} ${input.tradeId}`] : [],
  );
  expect(new Set(trades).size).toBe(trades.length);
  expect(of("market.candle")).toHaveLength(204);
});

interface Bucket {
  open: Price;
  high: Price;
  low: Price;
  close: Price;
  volume: Size;
}

test("every five-minute bucket of the venue is one that our trades make, trade by trade", async () => {
  const { heard } = await world;
  for (const product of PRODUCTS) {
    const start = Date.parse("2026-08-09T21:05:00Z");
    const trades = heard.flatMap((input) =>
      input.kind === "market.trade" && input.product === product && input.time >= start
        ? [input]
        : [],
    );
    const ours = trades.map((_, end) => {
      const some = trades.slice(0, end + 1);
      const prices = some.map((trade) => trade.price).sort((a, b) => (a < b ? -1 : 1));
      return {
        open: some[0]?.price,
        high: prices.at(-1),
        low: prices[0],
        close: some.at(-1)?.price,
        volume: sum(some.map((trade) => trade.size)),
      };
    });
    const theirs = heard.flatMap((input) =>
      input.kind === "market.candle" && input.product === product && input.bar.start === start
        ? [input.bar]
        : [],
    );
    expect(theirs.length).toBeGreaterThanOrEqual(3);
    for (const { open, high, low, close, volume } of theirs) {
      expect(ours).toContainEqual({ open, high, low, close, volume } satisfies Bucket);
    }
  }
});
