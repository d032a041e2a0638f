/** Bars and the venue's clock: trades are dated by it, and ours may be wrong; what is doubted is not decided upon. */
import { expect, test } from "vitest";
import { newState } from "../../src/core/engine/state.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import { BUCKET_MS } from "../../src/core/market/cross-check.ts";
import { BarScript } from "../kit/bar-script.ts";
import { BTC, DeskScript, puppet, START, settings } from "../kit/desk-script.ts";

const MINUTE = 60_000;

/** A desk whose clock is ahead of the venue's, and a venue with a trade each second; trades travel for a tenth of one. */
class Apart extends BarScript {
  readonly aheadMs: number;

  constructor(aheadMs: number, barMs: number, measured: boolean) {
    super(1, newState({ ...settings(puppet()), barMs }));
    this.aheadMs = aheadMs;
    this.now = START + aheadMs - 2 * barMs;
    if (measured) this.put({ kind: "clock.measured", aheadMs: -aheadMs });
  }

  at(venueMs: number): this {
    return this.put({
      kind: "market.trade",
      product: BTC,
      price: price("100"),
      size: size("1"),
      time: instant(venueMs),
      tradeId: String(venueMs),
    });
  }

  /** The venue lives through `seconds` from a moment of its own. */
  live(from: number, seconds: number): this {
    for (let ms = 0; ms < seconds * 1000; ms += 250) {
      this.now = from + ms + this.aheadMs + 100;
      if (ms % 1000 === 750) this.at(from + ms);
      this.put({ kind: "feed.alive", stream: "market" }).put({ kind: "clock.ticked" });
    }
    return this;
  }

  /** Trades in each bar that was decided upon. */
  get counted(): number[] {
    return this.shown.map((bars) => Number((bars.at(-1)?.volume ?? 0n) / 10n ** 18n));
  }
}

test.each([
  [1000, MINUTE],
  [-1000, MINUTE],
  [20_000, MINUTE],
  [5000, 1000],
  [-5000, 1000],
])(
  "a clock of ours that is %i ms ahead, and known to be, costs no bar of %i ms a trade",
  (aheadMs, barMs) => {
    const desk = new Apart(aheadMs, barMs, true).live(START - 2 * barMs, (8 * barMs) / 1000);
    expect(desk.counted.length).toBeGreaterThanOrEqual(4);
    expect(new Set(desk.counted)).toEqual(new Set([barMs / 1000]));
    expect(desk.state.sight.markets.get(BTC)?.lateTrades).toBe(0);
  },
);

test("without a measure bars of a minute stand a clock that is most of a second ahead", () => {
  const desk = new Apart(800, MINUTE, false).live(START - 2 * MINUTE, 480);
  expect(new Set(desk.counted)).toEqual(new Set([60]));
});

test("a decision is as old as its bar by the venue's clock", () => {
  const desk = DeskScript.ready();
  desk.put({ kind: "clock.measured", aheadMs: -4000 });
  desk.beats(6000).quote("99.99", "100.01");
  desk.strategy.next = "long";
  const time = instant(desk.now - 4000);
  desk.put({
    kind: "market.trade",
    product: BTC,
    price: price("100"),
    size: size("1"),
    time,
    tradeId: "t",
  });
  const { plan } = desk.asked("place")[0] ?? { plan: null };
  expect(plan && plan.validUntil - desk.now).toBeGreaterThan(9000);
});

test("a trade dated more than two seconds ahead closes nothing, and its bar waits for the venue's", () => {
  const desk = new Apart(0, 1000, false).live(START - 2000, 6);
  const market = desk.state.sight.markets.get(BTC);
  const closed = market?.bars.length;
  desk.at(desk.now + 2000).at(desk.now + 2001);
  expect(market?.lateTrades).toBe(1);
  const ahead = desk.now + 2001;
  expect([...(market?.doubted ?? [])]).toEqual([ahead - (ahead % 1000)]);
  const far = new Apart(0, 1000, false).live(START - 2000, 6);
  far.at(far.now + 3_600_000).tick(0);
  expect(far.state.sight.markets.get(BTC)?.doubted.size).toBe(0);
  expect(far.state.sight.markets.get(BTC)?.bars).toHaveLength(closed ?? 0);
});

test("while a bar that the strategy would look at is known to be wrong it waits for the venue's, ten bars at most", () => {
  const desk = new Apart(0, 1000, false);
  Object.assign(desk.state.settings.strategy, { warmUpBars: 30 });
  desk.live(START - 2000, 40);
  const market = desk.state.sight.markets.get(BTC);
  const shown = (): number => desk.shown.length;
  const before = shown();
  expect(before).toBeGreaterThan(3);
  desk.at(desk.now - 2500).live(START + 38_000, 2);
  const [wrong] = market?.doubted ?? [];
  expect([typeof wrong, shown()]).toEqual(["number", before]);
  // The venue's bar comes, and with it the newest of ours is news.
  const right = market?.bars.find(({ start }) => start === wrong);
  if (!right) throw new Error("the wrong bar had closed");
  const bars = [{ ...right, volume: size("2") }];
  desk.put({ kind: "market.history", product: BTC, bars, askedAt: instant(desk.now) });
  expect([market?.doubted.size, shown()]).toEqual([0, before + 1]);
  // One that nobody puts right does not silence the strategy for good.
  desk.at(desk.now - 2500).live(START + 40_000, 10);
  expect(shown()).toBe(before + 1);
  desk.live(START + 50_000, 3);
  expect(shown()).toBeGreaterThan(before + 1);
});

test("a bucket that begins more than five minutes from now is not believed: it would stand for the newest for ever", () => {
  const desk = new DeskScript().hearing(START);
  const at = price("100");
  const candle = (start: number): DeskScript =>
    desk.put({
      kind: "market.candle",
      product: BTC,
      bar: { start: instant(start), open: at, high: at, low: at, close: at, volume: size("1") },
    });
  candle(START + 2 * BUCKET_MS);
  candle(START);
  candle(START + BUCKET_MS);
  const buckets = desk.state.sight.markets.get(BTC)?.buckets;
  expect([...(buckets?.heard.keys() ?? [])]).toEqual([START, START + BUCKET_MS]);
});
