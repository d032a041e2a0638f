/** Moving-average cross: long when the fast average rises through the slow one, flat when it falls back through it. */
import { approximate } from "../kernel/money.ts";
import { sma } from "./indicators.ts";
import type { Strategy } from "./strategy.ts";

/** @throws RangeError unless `fast` and `slow` are whole bar counts with `fast < slow`. */
export function maCross(fast: number, slow: number): Strategy {
  if (!Number.isInteger(fast) || !Number.isInteger(slow) || fast < 1 || fast >= slow) {
    throw new RangeError(`ma-cross needs whole 1 <= fast < slow, got ${fast} and ${slow}`);
  }
  return {
    name: "ma-cross",
    warmUpBars: slow + 1,
    decide(bars) {
      const closes = bars.slice(-(slow + 1)).map((bar) => approximate(bar.close));
      if (closes.length < slow + 1) return null;
      const end = closes.length - 1;
      const before = sma(closes, fast, end - 1) - sma(closes, slow, end - 1);
      const now = sma(closes, fast, end) - sma(closes, slow, end);
      const figures = `fast ${sma(closes, fast, end).toFixed(2)}, slow ${sma(closes, slow, end).toFixed(2)}`;
      if (before <= 0 && now > 0) return { want: "long", because: `crossed up: ${figures}` };
      if (before >= 0 && now < 0) return { want: "flat", because: `crossed down: ${figures}` };
      return null;
    },
  };
}
