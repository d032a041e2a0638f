/** What a market would have given a paper order: what it shows and no more, never better. */

import {
  least,
  minus,
  NO_SIZE,
  notional,
  type Price,
  plus,
  type Quote,
  type Rate,
  type Size,
  sizeOf,
  times,
} from "../../core/kernel/money.ts";
import type { Level } from "../../core/market/book.ts";
import type { Executed, Plan } from "../../core/order/state.ts";
import type { Execution } from "./paper-trades.ts";

const reaches = ({ side, limit }: Plan, at: Price): boolean =>
  side === "buy" ? at <= limit : at >= limit;

/** Executes now as taker: level by level, best first, nothing beyond the limit and nothing that is not shown. */
export function takeNow(
  plan: Plan,
  left: Size,
  levels: readonly Level[],
  takerRate: Rate,
): readonly Execution[] {
  const taken: Execution[] = [];
  let rest = left;
  for (const { price, size: shown } of levels) {
    const size = reaches(plan, price) ? least(shown, rest) : NO_SIZE;
    if (size <= 0n) continue;
    const value = notional(price, size);
    taken.push({ price, size, value, fees: times(value, takerRate), liquidity: "taker" });
    rest = minus(rest, size);
  }
  return taken;
}

/** Executes now for a sum that has the fee in it, at whatever price is shown. */
export function spendNow(
  sum: Quote,
  levels: readonly Level[],
  takerRate: Rate,
): readonly Execution[] {
  const taken: Execution[] = [];
  let rest = netOf(sum, takerRate);
  for (const { price, size: shown } of levels) {
    const whole = least(shown, sizeOf(rest, price));
    if (whole <= 0n) continue;
    const value = whole === shown ? least(rest, notional(price, shown)) : rest;
    const fees = times(value, takerRate);
    taken.push({ price, size: whole, value, fees, liquidity: "taker" });
    rest = minus(rest, value);
  }
  return taken;
}

/** What is left of a sum for coins once their fee is paid. */
const netOf = (sum: Quote, takerRate: Rate): Quote =>
  ((sum * 10n ** 18n) / (10n ** 18n + takerRate)) as Quote;

/** A resting order fills at its own price once the market trades through it, not merely at it. */
export function restingFill(
  plan: Plan,
  left: Size,
  traded: Price,
  size: Size,
  makerRate: Rate,
): Execution {
  const filled = isThrough(plan, traded) ? least(left, size) : NO_SIZE;
  const value: Quote = notional(plan.limit, filled);
  const fees = times(value, makerRate);
  return { price: plan.limit, size: filled, value, fees, liquidity: "maker" };
}

/** The market is beyond the order's price: whoever trades there would have met the order first. */
export const isThrough = ({ side, limit }: Plan, at: Price): boolean =>
  side === "buy" ? at < limit : at > limit;

export const added = (a: Executed, b: Executed): Executed => ({
  size: plus(a.size, b.size),
  value: plus(a.value, b.value),
  fees: plus(a.fees, b.fees),
});
