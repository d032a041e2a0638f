/** The replayed market: its path, its books, its history. */
import { expect, test } from "vitest";
import { type Price, parse, type Quote, type Size, sum } from "../../src/core/kernel/money.ts";
import { books, catalog } from "../../src/exchange/catalog.ts";
import { Ledger } from "../../src/exchange/ledger.ts";
import { play, ticksPerBar } from "../../src/exchange/market/drive.ts";
import { Market } from "../../src/exchange/market/market.ts";
import { ticksOf } from "../../src/exchange/market/path.ts";
import { openRecording } from "../../src/exchange/market/recording.ts";
import { syntheticBook } from "../../src/exchange/market/synthetic-book.ts";
import { Engine } from "../../src/exchange/matching/engine.ts";
import { DEFAULT_FROM, settle } from "../../src/exchange/options.ts";
import { bench, type Json } from "./caller.ts";
import { steppingClock } from "./stepping-clock.ts";

const recording = openRecording(["BTC-USD", "ETH-USD"], DEFAULT_FROM);
const STEPS = { priceStep: parse("0.01") as Price, sizeStep: parse("0.00000001") as Size };
const bar = (index: number, count: number, seed = "a") =>
  ticksOf(
    { candle: recording.candle("BTC-USD", index), seed, book: "BTC-USD", bar: index, ...STEPS },
    count,
  );

test("the ticks of a bar have the candle's open, high, low, close and volume, few or many", () => {
  for (const count of [4, ticksPerBar(7), ticksPerBar(60)]) {
    for (let index = -300; index < 400; index += 1) {
      const candle = recording.candle("BTC-USD", index);
      const ticks = bar(index, count);
      const prices = ticks.map((tick) => tick.price);
      const cents = (price: Price): bigint => price - (price % STEPS.priceStep);
      expect(ticks).toHaveLength(count);
      expect(prices[0]).toBe(cents(candle.open));
      expect(prices.at(-1)).toBe(cents(candle.close));
      expect(prices.reduce((a, b) => (a > b ? a : b))).toBe(cents(candle.high));
      expect(prices.reduce((a, b) => (a < b ? a : b))).toBe(cents(candle.low));
      if (candle.volume > parse("0.001"))
        expect(sum(ticks.map((tick) => tick.size))).toBe(candle.volume);
    }
  }
});

test("the same seed walks the same path, another seed another one", () => {
  const walk = (seed: string): string =>
    Array.from({ length: 50 }, (_none, index) =>
      bar(index, 4, seed).map((tick) => tick.price),
    ).join();
  expect(walk("a")).toBe(walk("a"));
  expect(walk("a")).not.toBe(walk("b"));
});

test("the default start falls by two and a half per cent from its eleventh minute on", () => {
  const before = recording.candle("BTC-USD", 10).close;
  const after = recording.candle("BTC-USD", 18).low;
  expect(Number(before - after) / Number(before)).toBeGreaterThan(0.024);
});

test("past its end the recording begins again without a jump", () => {
  const last = recording.candle("BTC-USD", 177).close;
  const next = recording.candle("BTC-USD", 178).open;
  expect(Math.abs(Number(next - last)) / Number(last)).toBeLessThan(0.001);
  expect(recording.candle("BTC-USD", 5000).close).toBeGreaterThan(0n);
});

test("a moment outside the recording is refused, naming the flag and the days there are", () => {
  for (const from of ["2019-01-01T00:00:00Z", "2018-04-04T20:00:00Z", "yesterday"]) {
    expect(() => openRecording(["BTC-USD", "ETH-USD"], from)).toThrow(
      /--from .* 2017-09-03, 2017-09-04, 2018-04-04, 2018-04-05/,
    );
  }
  expect(() => openRecording(["BTC-USD"], "2017-12-17T10:00:00Z")).not.toThrow();
});

test("books have twenty ordered levels a side on the increments, a narrow spread and thousands of dollars each", () => {
  for (let index = 0; index < 300; index += 1) {
    const price = (parse("5000") + BigInt(index) * parse("7.77")) as Price;
    const book = syntheticBook({ price, ...STEPS, turnover: 0n as Quote, seed: String(index) });
    const bid = book.bids[0]?.price ?? 0n;
    const ask = book.asks[0]?.price ?? 0n;
    expect([book.bids.length, book.asks.length]).toEqual([20, 20]);
    expect(bid < price && price < ask).toBe(true);
    expect(Number(ask - bid) / Number(price)).toBeLessThan(0.0004);
    for (const [depth, level] of book.bids.entries()) {
      expect(level.price % STEPS.priceStep).toBe(0n);
      expect((level.price * level.size) / 10n ** 36n).toBeGreaterThanOrEqual(1799n);
      if (depth > 0) expect(level.price < (book.bids[depth - 1]?.price ?? 0n)).toBe(true);
    }
  }
});

const AT = 1_788_824_242_000;
const candlesPath = "/products/BTC-USD/candles?granularity=ONE_MINUTE";

test("at start the last three hundred bars are already history, and minute candles are the recorded ones", async () => {
  // The test reads one minute, not the end of one and the beginning of the next.
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 5000) await new Promise((resolve) => setTimeout(resolve, left));
  await using on = await bench({ market: "recorded", barSeconds: 60 });
  const now = Math.floor(Date.now() / 60_000) * 60;
  const { json } = await on.get(`${candlesPath}&start=${now - 299 * 60}&end=${now - 60}`);
  const candles = json["candles"] as Record<string, string>[];
  expect(candles).toHaveLength(299);
  for (const [index, candle] of candles.entries()) {
    const { open, high, low, close, volume } = recording.candle("BTC-USD", -1 - index);
    expect(Number(candle["start"])).toBe(now - (index + 1) * 60);
    expect(
      [candle["open"], candle["high"], candle["low"], candle["close"]].map((text) =>
        parse(text ?? ""),
      ),
    ).toEqual([open, high, low, close]);
    if (volume > parse("0.001")) expect(parse(candle["volume"] ?? "")).toBe(volume);
  }
  const trades = (await on.get("/products/BTC-USD/ticker?limit=1000")).json["trades"] as Json[];
  expect(trades).toHaveLength(1000);
  const many = await on.get(`${candlesPath}&start=${now - 360 * 60}&end=${now}`);
  expect([many.status, many.json["error"]]).toEqual([400, "INVALID_ARGUMENT"]);
});

test("the tape is the same for the same seed, however the timers come", () => {
  const tape = (seed: string, stepMs: number): unknown[] => {
    const clock = steppingClock(AT);
    const settings = settle({ keyFolder: "unused", clock, seed, barSeconds: 1 });
    const products = catalog(settings.products);
    const market = new Market(books(products), 1);
    const engine = new Engine({ settings, catalog: products, ledger: new Ledger(), market });
    play({ recording, market, engine, clock, seed, barSeconds: 1, still: false });
    for (let gone = 0; gone < 21_000; gone += stepMs) clock.advance(stepMs);
    return market.tape("BTC-USD").trades.slice(0, (300 + 20) * 4);
  };
  const calm = tape("a", 7);
  expect(calm).toHaveLength(1280);
  expect(tape("a", 700)).toEqual(calm);
  expect(tape("b", 7)).not.toEqual(calm);
});

test("a machine that slept for an hour goes on playing at the present", () => {
  const clock = steppingClock(AT);
  const settings = settle({ keyFolder: "unused", clock, barSeconds: 1 });
  const products = catalog(settings.products);
  const market = new Market(books(products), 1);
  const engine = new Engine({ settings, catalog: products, ledger: new Ledger(), market });
  play({ recording, market, engine, clock, seed: "a", barSeconds: 1, still: false });
  clock.advance(1000);
  const before = market.tape("BTC-USD").trades.length;
  clock.advance(3_600_000);
  expect(market.tape("BTC-USD").trades.length - before).toBeLessThan(10);
  expect(clock.now() - (market.tape("BTC-USD").last?.at ?? 0)).toBeLessThan(1000);
});

test("a constant market goes on trading at a price that never moves", async () => {
  await using on = await bench({
    market: { constant: { "BTC-USD": "7000", "ETH-USD": "400" } },
    barSeconds: 0.1,
  });
  await new Promise((resolve) => setTimeout(resolve, 250));
  const { json } = await on.get("/products/BTC-USD/ticker?limit=1000");
  const trades = json["trades"] as Record<string, string>[];
  expect(new Set(trades.map((trade) => trade["price"]))).toEqual(new Set(["7000"]));
  expect(Date.now() - Date.parse(trades[0]?.["time"] ?? "")).toBeLessThan(500);
});

test("a clock that is given is the clock of everything", async () => {
  await using on = await bench({ now: () => AT });
  const response = await fetch(`${on.exchange.rest}/api/v3/brokerage/time`);
  expect(await response.json()).toEqual({
    iso: "2026-09-07T23:37:22Z",
    epochSeconds: "1788824242",
    epochMillis: "1788824242000",
  });
});
