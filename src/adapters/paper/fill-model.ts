/** What a market would have given a paper order: what it shows and no more, never better. */

import {
  least,
  minus,
  NO_QUOTE,
  NO_SIZE,
  notional,
  type Price,
  plus,
  type Quote,
  type Rate,
  type Size,
  times,
} from "../../core/kernel/money.ts";
import type { Level } from "../../core/market/book.ts";
import type { Executed, Plan } from "../../core/order/state.ts";

const reaches = ({ side, limit }: Plan, at: Price): boolean =>
  side === "buy" ? at <= limit : at >= limit;

/** Executes now as taker: level by level, best first, nothing beyond the limit and nothing that is not shown. */
export function takeNow(
  plan: Plan,
  left: Size,
  levels: readonly Level[],
  takerRate: Rate,
): Executed {
  let size = NO_SIZE;
  let value = NO_QUOTE;
  for (const { price, size: shown } of levels) {
    const part = reaches(plan, price) ? least(shown, minus(left, size)) : NO_SIZE;
    size = plus(size, part);
    value = plus(value, notional(price, part));
  }
  return { size, value, fees: times(value, takerRate) };
}

/** A resting order fills at its own price once the market trades through it, not merely at it. */
export function restingFill(
  plan: Plan,
  left: Size,
  traded: Price,
  size: Size,
  makerRate: Rate,
): Executed {
  const filled = isThrough(plan, traded) ? least(left, size) : NO_SIZE;
  const value: Quote = notional(plan.limit, filled);
  return { size: filled, value, fees: times(value, makerRate) };
}

/** The market is beyond the order's price: whoever trades there would have met the order first. */
export const isThrough = ({ side, limit }: Plan, at: Price): boolean =>
  side === "buy" ? at < limit : at > limit;

export const added = (a: Executed, b: Executed): Executed => ({
  size: plus(a.size, b.size),
  value: plus(a.value, b.value),
  fees: plus(a.fees, b.fees),
});
