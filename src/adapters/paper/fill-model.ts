/** What a market would have given a paper order: what it shows, deliberately a little less where it shows little, never better. */

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
import type { Level } from "../../core/market/book.ts";
import type { Executed, Plan } from "../../core/order/state.ts";

/** The side of the market that an order meets. */
export interface Offer {
  /** Best first; nothing that is not there. */
  readonly levels: readonly Level[];
  /** The book told these levels: what is behind them is not known, and fills nobody. False: only the touch is known. */
  readonly deep: boolean;
}

/** Where only the touch is known, what lies behind it is assumed this much worse. */
const BEHIND_BPS = 5;

const reaches = ({ side, limit }: Plan, at: Price): boolean =>
  side === "buy" ? at <= limit : at >= limit;

/** Executes now as taker: level by level, best first, nothing beyond the limit. */
export function takeNow(plan: Plan, left: Size, offer: Offer, takerRate: Rate): Executed {
  let size = NO_SIZE;
  let value = NO_QUOTE;
  const take = ({ price, size: shown }: Level): void => {
    const part = reaches(plan, price) ? least(shown, minus(left, size)) : NO_SIZE;
    size = plus(size, part);
    value = plus(value, notional(price, part));
  };
  offer.levels.forEach(take);
  const [touch] = offer.levels;
  if (touch && !offer.deep) {
    const away = times(touch.price, bps(BEHIND_BPS));
    const price = plan.side === "buy" ? plus(touch.price, away) : minus(touch.price, away);
    take({ price, size: left });
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
