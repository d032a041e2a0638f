/** Bars that can be trusted: whole by our own stream or read from the venue, and nothing is decided on others. */
import { beforeEach, expect, test } from "vitest";
import { price, quote, rate, size } from "../../src/core/kernel/money.ts";
import { type Instant, instant } from "../../src/core/kernel/time.ts";
import type { Bar } from "../../src/core/market/candles.ts";
import { BARS_KEPT, isLive } from "../../src/core/market/series.ts";
import { BarScript } from "../kit/bar-script.ts";
import { BTC, START } from "../kit/desk-script.ts";

const SECOND = 1000;

/** A desk on bars of one second whose strategy needs three of them, told in seconds. */
class Seconds extends BarScript {
  constructor() {
    super(3);
  }

  /** Starts of the bars that a strategy would see, in seconds from the start. */
  get starts(): number[] {
    return this.market.bars.map((bar) => (bar.start - START) / SECOND);
  }

  /** Moves to a moment in seconds from the start. */
  to(seconds: number): this {
    this.now = START + seconds * SECOND;
    return this;
  }

  /** A frame comes, and then a tick. */
  beat(seconds: number): this {
    return this.to(seconds)
      .put({ kind: "feed.alive", stream: "market" })
      .put({ kind: "clock.ticked" });
  }

  broken(): this {
    return this.put({ kind: "feed.broken", stream: "market", cause: "gap" });
  }

  /** The venue's bars from one second up to another, all at one price. */
  healed(from: number, to: number, at = "100", askedAt = this.lastAsk()): this {
    const bars = Array.from({ length: to - from }, (_, index) => flat(from + index, at));
    return this.put({ kind: "market.history", product: BTC, bars, askedAt });
  }

  lastAsk(): Instant {
    const ask = this.asked("backfill").at(-1);
    if (!ask) throw new Error("nothing was asked for");
    return ask.askedAt;
  }
}

const flat = (second: number, at: string, volume = "5"): Bar => ({
  start: instant(START + second * SECOND),
  open: price(at),
  high: price(at),
  low: price(at),
  close: price(at),
  volume: size(volume),
});

let desk: Seconds;
beforeEach(() => {
  desk = new Seconds();
  desk.hearing(START);
});

/** Whole and healed up to second three, with a trade in each bar since the start. */
const whole = (): Seconds => {
  desk.trade("100").beat(0.5);
  return desk.healed(-4, -1).to(1.1).trade("101").to(2.1).trade("102").to(3.1).trade("103");
};

test("the bar in which the stream began is not ours to tell; the first that began after it settled is", () => {
  const late = new Seconds();
  late.to(0.2).put({ kind: "feed.alive", stream: "market" }).trade("90");
  late.to(1.1).trade("91").to(2.1).trade("92").to(3.1).trade("93");
  expect([late.starts, late.market.ahead.map(({ start }) => (start - START) / SECOND)]).toEqual([
    [],
    [2],
  ]);
});

test("the venue's bars join ours without a gap and without a start twice", () => {
  whole();
  expect(desk.starts).toEqual([-4, -3, -2, -1, 0, 1, 2]);
  const one = new Seconds();
  one.hearing(START).trade("100").to(1.1).trade("101").to(2.1).trade("102").tick(0);
  one.healed(-5, 2, "55");
  expect(one.starts).toEqual([-5, -4, -3, -2, -1, 0, 1]);
  expect(one.market.bars.slice(-3).map((bar) => bar.close)).toEqual(
    ["55", "100", "101"].map(price),
  );
});

test("an open bar closes by the clock once a frame came after its end, and not before", () => {
  whole();
  desk.to(4.3).tick(0);
  expect(desk.starts.at(-1)).toBe(2);
  desk.to(4.24).put({ kind: "feed.alive", stream: "market" }).to(4.6).tick(0);
  expect(desk.starts.at(-1)).toBe(2);
  desk.beat(4.6);
  expect(desk.starts.at(-1)).toBe(3);
});

test("stretches without trades become flat bars without volume, however they come to be closed", () => {
  whole().beat(4.3).beat(5.3).to(8.1).trade("110");
  expect(desk.starts.slice(-6)).toEqual([2, 3, 4, 5, 6, 7]);
  const empty = desk.market.bars.slice(-4);
  expect(empty.every((bar) => bar.volume === 0n && bar.close === price("103"))).toBe(true);
});

test("after a break no bar is news until the venue filled the gap", () => {
  whole().broken();
  const before = desk.shown.length;
  desk.beat(3.4).to(4.1).trade("104").to(5.1).trade("105").to(6.1).trade("106");
  expect([desk.starts.at(-1), desk.shown.length]).toEqual([2, before]);
  desk.tick(0).healed(3, 5, "99");
  expect(desk.starts.slice(-4)).toEqual([2, 3, 4, 5]);
  expect(desk.market.bars.slice(-3).map((bar) => bar.close)).toEqual(
    ["99", "99", "105"].map(price),
  );
  expect(desk.shown.slice(before)).toEqual([desk.market.bars]);
});

test("a break gives up the bar under way: it is not closed by the clock either", () => {
  whole().to(3.5).broken().to(4.5).tick(0).to(5.5).tick(0);
  expect(desk.starts.at(-1)).toBe(2);
});

test("bars are asked for when the stream speaks again and the last untrusted one is over, and settled", () => {
  whole().to(3.5).broken();
  const before = desk.asked("backfill").length;
  const asks = (): number => desk.asked("backfill").length - before;
  desk.to(8).tick(0);
  expect(asks()).toBe(0);
  desk.beat(8.1).beat(9.9).beat(10.24);
  expect(asks()).toBe(0);
  desk.beat(10.25);
  expect(desk.asked("backfill").at(-1)).toMatchObject({ product: BTC, barMs: 1000, count: 10 });
  expect(asks()).toBe(1);
});

test("an answer that does not reach far enough, or none, is asked for again, ever more rarely", () => {
  whole().broken().beat(3.4);
  const from = desk.asked("backfill").length;
  const moments: number[] = [];
  for (let second = 4; second < 300; second += 0.25) {
    const before = desk.asked("backfill").length;
    desk.beat(second);
    if (desk.asked("backfill").length === before) continue;
    moments.push(second);
    if (moments.length === 1) desk.healed(3, 4);
    else desk.healed(0, 0);
  }
  expect(desk.asked("backfill").length - from).toBe(moments.length);
  const waits = moments.slice(1).map((second, index) => second - (moments[index] ?? 0));
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test("an answer that never comes is given up after a minute", () => {
  whole().broken().beat(3.4).beat(5.5);
  const before = desk.asked("backfill").length;
  desk.beats(59_000).beat(65.4);
  expect(desk.asked("backfill")).toHaveLength(before);
  desk.beat(65.5);
  expect(desk.asked("backfill")).toHaveLength(before + 1);
});

test("what the venue says of a bar that had just ended is not believed yet", () => {
  whole().broken().beat(3.4).beat(5.5);
  desk.healed(3, 6, "99");
  expect(desk.starts.at(-1)).toBe(4);
});

test("a healed bar is decided upon while it is no older than one bar, and only once", () => {
  const at = (seconds: number): number => {
    const one = new Seconds();
    one.hearing(START);
    one.beat(0.5).to(seconds).quote("99", "101").healed(-4, 0, "100", one.lastAsk());
    one.healed(-4, 0, "100", one.lastAsk()).tick(0);
    return one.shown.length;
  };
  expect([at(1), at(1.001)]).toEqual([1, 0]);
});

test("a whole bar of ours stays when the venue says otherwise, and one of the venue's too", () => {
  whole();
  const before = [...desk.market.bars];
  desk.to(3.2).healed(-3, 3, "55");
  expect(desk.market.bars).toEqual(before);
});

test("a bar that a trade came too late for is read anew, and only that one changes", () => {
  whole().to(3.2);
  desk.put({
    kind: "market.trade",
    product: BTC,
    price: price("200"),
    size: size("1"),
    time: instant(START + 1500),
    tradeId: "late",
  });
  const before = [...desk.market.bars];
  expect(desk.market.lateTrades).toBe(1);
  desk.beat(3.3).healed(-3, 3, "55");
  expect(desk.market.bars.filter((bar, index) => bar !== before[index])).toEqual([flat(1, "55")]);
  expect(desk.market.doubted.size).toBe(0);
});

test("bars out of order, off the grid or with a hole are not built upon", () => {
  whole().broken().beat(3.4).to(4.1).trade("104").to(5.1).trade("105").tick(500);
  const say = (bars: readonly Bar[]) =>
    desk.put({ kind: "market.history", product: BTC, bars, askedAt: desk.lastAsk() });
  say([flat(4, "1"), flat(3, "1"), flat(2, "1")]);
  say([{ ...flat(3, "1"), start: instant(START + 3001) }]);
  expect(desk.starts.at(-1)).toBe(2);
  say([flat(1, "1"), flat(3, "1"), flat(4, "1")]);
  expect([desk.starts, isLive(desk.market)]).toEqual([[-4, -3, -2, -1, 0, 1, 2, 3, 4], true]);
});

test("as many whole bars of our own as the strategy needs do without the venue", () => {
  whole().broken().beat(3.4);
  for (let second = 5; second < 8; second += 1) desk.to(second + 0.1).trade("105");
  expect(isLive(desk.market)).toBe(false);
  desk.to(8.1).trade("105");
  expect([desk.starts, isLive(desk.market)]).toEqual([[5, 6, 7], true]);
});

test("where volatility sizes entries a gap ends with forty bars: fewer would tell nothing, and make entries larger", () => {
  const floor = quote("5");
  const sizing = { model: "notional", share: rate("0.0025"), floor, mostFactor: rate("1") };
  Object.assign(desk.state.settings, { sizing });
  whole().broken().beat(3.4);
  for (let second = 5; second < 44; second += 1) desk.to(second + 0.1).trade("105");
  expect(isLive(desk.market)).toBe(false);
  desk.to(44.1).trade("105").to(45.1).trade("105");
  expect([isLive(desk.market), desk.starts.length]).toEqual([true, 40]);
  const short = new Seconds();
  Object.assign(short.state.settings, { sizing });
  short.hearing(START).trade("100").beat(0.5);
  expect(short.asked("backfill").at(-1)?.count).toBe(160);
});

test("trades that were left out make bars untrusted from there until one bar after the last of them", () => {
  whole().to(3.2).put({ kind: "market.skipped", product: BTC, over: false });
  desk.to(3.6).trade("104").to(4.1).trade("105").beat(5.5);
  expect([desk.starts.at(-1), desk.market.wholeFrom]).toEqual([2, null]);
  desk.put({ kind: "market.skipped", product: BTC, over: true });
  expect(desk.market.wholeFrom).toBe(START + 7 * SECOND);
});

test("no more bars are kept than strategies look at, and a stretch longer than that is a gap", () => {
  whole();
  for (let second = 4; second < BARS_KEPT + 20; second += 1) desk.to(second).trade("100");
  expect(desk.starts).toHaveLength(BARS_KEPT);
  desk.to(2 * BARS_KEPT + 100).trade("100");
  expect(isLive(desk.market)).toBe(false);
});
