/** Our bars against the venue's own five-minute buckets: a difference is told once and read anew. */
import { expect, test } from "vitest";
import { newState } from "../../src/core/engine/state.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Bar } from "../../src/core/market/candles.ts";
import { aggregate, BUCKET_MS, differs } from "../../src/core/market/cross-check.ts";
import { BTC, DeskScript, puppet, START, settings } from "../kit/desk-script.ts";

const MINUTE = 60_000;

const bar = (at: number, values: string): Bar => {
  const [open = "", high = "", low = "", close = "", volume = ""] = values.split(" ");
  const prices = { open: price(open), high: price(high), low: price(low), close: price(close) };
  return { start: instant(at), ...prices, volume: size(volume) };
};

/** Minutes of one bucket that begins at the start. */
const five = ["10 12 9 11 1", "11 11 11 11 0", "11 15 11 14 2", "14 14 8 9 0.5", "9 10 9 10 1"];
const minutes = five.map((values, index) => bar(START + index * MINUTE, values));

test("five minutes taken together open with the first trade, close with the last, and add up", () => {
  expect(aggregate(minutes, START, MINUTE)).toEqual(bar(START, "10 15 8 10 4.5"));
});

test("a minute without trades says nothing of a price, even the first", () => {
  const quiet = [bar(START, "99 99 99 99 0"), ...minutes.slice(1)];
  expect(aggregate(quiet, START, MINUTE)).toEqual(bar(START, "11 15 8 10 3.5"));
  const silent = minutes.map(({ start }) => bar(start, "7 7 7 7 0"));
  const ours = aggregate(silent, START, MINUTE);
  expect(ours && differs(ours, bar(START, "8 8 8 8 0"))).toBe(false);
  expect(ours && differs(ours, bar(START, "7 7 7 7 0.1"))).toBe(true);
});

test("a bucket of which a bar is missing, or whose bars do not divide it, is not taken together", () => {
  expect(aggregate(minutes.slice(0, 4), START, MINUTE)).toBeNull();
  expect(aggregate(minutes.slice(1), START, MINUTE)).toBeNull();
  expect(aggregate(minutes, START, 7000)).toBeNull();
});

test.each(["open", "high", "low", "close", "volume"] as const)(
  "a different %s is a difference",
  (side) => {
    const theirs = bar(START, "10 15 8 10 4.5");
    expect(differs(theirs, theirs)).toBe(false);
    expect(differs(theirs, { ...theirs, [side]: price("3") })).toBe(true);
  },
);

/** A desk on minute bars that heard one trade of 1 at 100 in each of ten minutes. */
function desk(): DeskScript {
  const script = new DeskScript(undefined, newState({ ...settings(puppet()), barMs: MINUTE }));
  script.hearing(START);
  for (let minute = 0; minute < 5; minute += 1) {
    script.beats(START + minute * MINUTE + 1000 - script.now);
    script.trade("100", "1");
  }
  return script;
}

const candle = (script: DeskScript, at: number, values: string): DeskScript =>
  script.put({ kind: "market.candle", product: BTC, bar: bar(at, values) });
const nextBucket = (script: DeskScript): DeskScript => {
  script.beats(START + BUCKET_MS + 1000 - script.now);
  return candle(script.trade("100", "1"), START + BUCKET_MS, "100 100 100 100 1");
};
const at = (script: DeskScript, ms: number): DeskScript => {
  script.beats(START + BUCKET_MS + ms - script.now);
  return script.put({ kind: "feed.alive", stream: "market" }).put({ kind: "clock.ticked" });
};

test("a bucket that agrees is no news", () => {
  const script = nextBucket(candle(desk(), START, "100 100 100 100 5"));
  expect(at(script, 5000).said("bars.differed")).toEqual([]);
});

test("a bucket that differs is told once, with both sides, and its bars are read anew", () => {
  const script = nextBucket(candle(desk(), START, "100 101 100 100 5"));
  at(script, 5000);
  expect(script.said("bars.differed")).toEqual([
    {
      kind: "bars.differed",
      product: BTC,
      lengthMs: BUCKET_MS,
      ours: bar(START, "100 100 100 100 5"),
      theirs: bar(START, "100 101 100 100 5"),
    },
  ]);
  const ask = script.asked("backfill").at(-1);
  expect(ask?.count).toBeGreaterThanOrEqual(6);
  const bars = minutes.map(({ start }, index) =>
    bar(start, index === 2 ? "100 101 100 100 1" : "100 100 100 100 1"),
  );
  const askedAt = ask?.askedAt ?? START;
  script.put({ kind: "market.history", product: BTC, bars, askedAt });
  expect(script.state.sight.markets.get(BTC)?.bars.slice(0, 5)).toEqual(bars);
  candle(script, START, "100 102 100 100 5");
  at(script, 20_000);
  expect(script.said("bars.differed")).toHaveLength(1);
});

test("the venue's last word on a bucket counts, also when it comes after the first on the next", () => {
  const script = nextBucket(candle(desk(), START, "100 100 100 100 4"));
  at(script, 4999);
  candle(script, START, "100 100 100 100 5");
  expect(at(script, 5000).said("bars.differed")).toEqual([]);
});

test("a bucket that has no later one is still forming", () => {
  const script = candle(desk(), START, "100 100 100 100 1");
  expect(at(script, 60_000).said("bars.differed")).toEqual([]);
});

test("what was heard of a bucket before a break is not its last word", () => {
  const script = candle(desk(), START, "100 100 100 100 3");
  script.put({ kind: "feed.broken", stream: "market", cause: "gap" });
  script.put({ kind: "feed.alive", stream: "market" });
  const askedAt = instant(START + BUCKET_MS + 4000);
  script.now = askedAt;
  const bars = minutes.map(({ start }) => bar(start, "100 100 100 100 1"));
  script.put({ kind: "market.history", product: BTC, bars, askedAt });
  candle(script, START + BUCKET_MS, "100 100 100 100 1");
  expect(at(script, 10_000).said("bars.differed")).toEqual([]);
});
