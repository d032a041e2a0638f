/** What a market would have given a paper order: deliberately a little worse than the screen, never better. */
import {
  bps,
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
import type { Executed, Plan } from "../../core/order/state.ts";

export interface Top {
  readonly bid: Price;
  readonly ask: Price;
  readonly bidSize: Size;
  readonly askSize: Size;
}

/** What lies behind the touch is assumed this much worse. */
const BEHIND_BPS = 5;

const nothing: Executed = { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE };

/** Executes now as taker: the size shown at the touch, the rest behind it, nothing beyond the limit. */
export function takeNow(plan: Plan, left: Size, top: Top, takerRate: Rate): Executed {
  const buys = plan.side === "buy";
  const touch = buys ? top.ask : top.bid;
  const away = times(touch, bps(BEHIND_BPS));
  const behind = buys ? plus(touch, away) : minus(touch, away);
  const reaches = (price: Price): boolean => (buys ? price <= plan.limit : price >= plan.limit);
  if (touch <= 0n || !reaches(touch)) return nothing;
  const shown = least(left, buys ? top.askSize : top.bidSize);
  const rest = reaches(behind) ? minus(left, shown) : NO_SIZE;
  const value = plus(notional(touch, shown), notional(behind, rest));
  return { size: plus(shown, rest), value, fees: times(value, takerRate) };
}

/** A resting order fills at its own price once the market trades through it, not merely at it. */
export function restingFill(
  plan: Plan,
  left: Size,
  traded: Price,
  size: Size,
  makerRate: Rate,
): Executed {
  const through = plan.side === "buy" ? traded < plan.limit : traded > plan.limit;
  if (!through) return nothing;
  const filled = least(left, size);
  const value: Quote = notional(plan.limit, filled);
  return { size: filled, value, fees: times(value, makerRate) };
}

export const added = (a: Executed, b: Executed): Executed => ({
  size: plus(a.size, b.size),
  value: plus(a.value, b.value),
  fees: plus(a.fees, b.fees),
});
