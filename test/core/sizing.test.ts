/** Worth of an entry by equity, risk and volatility: numbers worked out by hand, and laws over all of them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimal, notional, price, quote, rate, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Bar } from "../../src/core/market/candles.ts";
import {
  leastSize,
  type Sizing,
  sizedWorth,
  volatilityFactor,
} from "../../src/core/risk/sizing.ts";
import { PRODUCT } from "../kit/desk-script.ts";

const ONE = rate("1");
const HOUR = 3_600_000;
const SHARE: Sizing = {
  model: "notional",
  share: rate("0.0025"),
  floor: quote("5"),
  mostFactor: null,
};
const STOP: Sizing = { ...SHARE, model: "stop_distance", stopBps: 40 };
const worth = (sizing: Sizing, equity: string, factor = "1"): string =>
  decimal(sizedWorth(sizing, quote(equity), rate(factor)));

describe("a quarter of a percent", () => {
  test.each([
    ["1000", "1", "5"],
    ["2000", "1", "5"],
    ["2000.04", "1", "5.0001"],
    ["10000", "1", "25"],
    ["10000", "0.6", "15"],
    ["10000", "1.2", "30"],
    ["0", "1", "5"],
    ["-300", "1", "5"],
  ])("of %s at a factor of %s is an entry of %s", (equity, factor, expected) => {
    expect(worth(SHARE, equity, factor)).toBe(expected);
  });

  test.each([
    ["10000", "1", "6250"],
    ["10000", "0.8", "5000"],
    ["1000", "1", "625"],
    ["7", "1", "5"],
  ])(
    "of %s lost at a stop of 0.4 %%, at a factor of %s, is an entry of %s",
    (equity, factor, expected) => {
      expect(worth(STOP, equity, factor)).toBe(expected);
    },
  );
});

test("what the stop costs is the risk: never more, and short of it by rounding only", () => {
  const cents = fc.bigInt({ min: 1n, max: 10n ** 12n });
  const stops = fc.integer({ min: 1, max: 9900 });
  fc.assert(
    fc.property(cents, stops, (owned, stopBps) => {
      const equity = (owned * 10n ** 16n) as never;
      const entry = sizedWorth({ ...STOP, floor: quote("0"), stopBps }, equity, ONE);
      const lost = (entry * BigInt(stopBps)) / 10_000n;
      const risk = (equity * 25n) / 10_000n;
      return lost <= risk && risk - lost <= 1n;
    }),
  );
});

test("an entry is never below the floor, never above the formula, and never falls while equity rises", () => {
  const owned = fc.bigInt({ min: 0n, max: 10n ** 26n });
  const share = fc.bigInt({ min: 10n ** 12n, max: 10n ** 18n });
  const stop = fc.option(fc.integer({ min: 1, max: 9900 }));
  const factors = fc.constantFrom("0.6", "0.8", "1", "1.2");
  fc.assert(
    fc.property(owned, owned, share, stop, factors, (a, b, of, stopBps, factor) => {
      const common = { ...SHARE, share: of as never };
      const sizing: Sizing =
        stopBps === null ? common : { ...common, model: "stop_distance", stopBps };
      const entry = (equity: bigint): bigint => sizedWorth(sizing, equity as never, rate(factor));
      const [low, high] = a < b ? [entry(a), entry(b)] : [entry(b), entry(a)];
      const scaled = (a < b ? b : a) * of * rate(factor) * (stopBps === null ? 1n : 10_000n);
      const formula = scaled / (10n ** 36n * BigInt(stopBps ?? 1));
      const roof = formula > sizing.floor ? formula : sizing.floor;
      return low <= high && low >= sizing.floor && high <= roof;
    }),
  );
});

describe("the smallest size", () => {
  const product = { ...PRODUCT, sizeStep: size("0.001"), minSize: size("0.002") };
  const least = (floor: string, at: string, parts = 1): string =>
    decimal(leastSize({ floor: quote(floor), price: price(at), parts }, product));

  test.each([
    ["the floor, rounded up", "5", "3000", 1, "0.002"],
    ["the floor, where it is above the venue's", "10", "3000", 1, "0.004"],
    ["the venue's smallest size", "5", "100000", 1, "0.002"],
    ["the venue's smallest worth", "0", "100", 1, "0.01"],
    ["exactly the floor where the step allows it", "6", "3000", 1, "0.002"],
    ["the venue's smallest for each part", "5", "3000", 10, "0.02"],
    ["whole steps for each part", "100", "3000", 10, "0.04"],
  ])("is %s", (_what, floor, at, parts, expected) => {
    expect(least(floor, at, parts)).toBe(expected);
  });

  test("is worth the floor and one step less is not, at any price", () => {
    const amounts = fc.bigInt({ min: 1n, max: 10n ** 24n });
    fc.assert(
      fc.property(amounts, amounts, (at, floor) => {
        const free = { ...PRODUCT, minSize: size("0"), minNotional: quote("0") };
        const found = leastSize({ floor: floor as never, price: at as never }, free);
        const below = (found - free.sizeStep) as never;
        return (
          found % free.sizeStep === 0n &&
          notional(at as never, found) >= floor &&
          notional(at as never, below) < floor
        );
      }),
    );
  });
});

describe("the volatility factor", () => {
  /** Closes of 100 less and more a part, in turn: their deviation is that part of 100. */
  const bars = (deviation: number, count = 40): Bar[] =>
    Array.from({ length: count }, (_, index) => {
      const close = price((100 + (index % 2 === 0 ? -1 : 1) * deviation).toFixed(6));
      const at = instant(index * HOUR);
      return { start: at, open: close, high: close, low: close, close, volume: size("0") };
    });
  const factor = (deviation: number, { barMs = HOUR, most = "1.2", count = 40 } = {}): string =>
    decimal(volatilityFactor(bars(deviation, count), barMs, rate(most)));
  /** The last close is 100 more the deviation: d / (100 + d) meets a bound at d = 100 b / (1 - b). */
  const meets = (bound: number): number => (100 * bound) / (1 - bound);

  test.each([
    [0.02, 0.0002, "0.6"],
    [0.02, -0.0002, "0.8"],
    [0.01, 0.0002, "0.8"],
    [0.01, -0.0002, "1"],
    [0.004, 0.0002, "1"],
    [0.004, -0.0002, "1.2"],
  ])("beside %d of hourly bars, %d off, is %s", (bound, off, expected) => {
    expect(factor(meets(bound) + off)).toBe(expected);
  });

  test("takes bounds that shrink with the square root of the bar's length", () => {
    const minute = { barMs: 60_000 };
    expect(factor(meets(0.02 / Math.sqrt(60)) + 0.0002, minute)).toBe("0.6");
    expect(factor(meets(0.02 / Math.sqrt(60)) - 0.0002, minute)).toBe("0.8");
    expect(factor(meets(0.004 / Math.sqrt(60)) - 0.0002, minute)).toBe("1.2");
    expect(factor(meets(0.004), minute)).toBe("0.6");
  });

  test("is 1 before there are 40 bars, and never above what is allowed", () => {
    expect(factor(5, { count: 39 })).toBe("1");
    expect(factor(5, { count: 40 })).toBe("0.6");
    expect(factor(0, { most: "1" })).toBe("1");
    expect(factor(0, { most: "1.1" })).toBe("1.1");
    expect(factor(5, { most: "1" })).toBe("0.6");
    expect(factor(5, { count: 39, most: "0.7" })).toBe("0.7");
  });

  test("looks at the last 20 closes only", () => {
    const wild = bars(5, 40);
    const calm = bars(0, 20).map((bar, index) => ({ ...bar, start: instant((40 + index) * HOUR) }));
    expect(decimal(volatilityFactor([...wild, ...calm], HOUR, rate("1.2")))).toBe("1.2");
    expect(decimal(volatilityFactor([...wild, ...calm.slice(1)], HOUR, rate("1.2")))).toBe("0.8");
  });
});
