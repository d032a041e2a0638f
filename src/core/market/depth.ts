/** What a few levels of a book tell: how much rests there, and what an order of a given size would cost. */
import {
  least,
  minus,
  NO_QUOTE,
  NO_SIZE,
  notional,
  type Price,
  plus,
  priceOf,
  type Quote,
  type Rate,
  ratio,
  type Size,
} from "../kernel/money.ts";
import type { Level } from "./book.ts";

/** The best levels of both sides, best first. */
export interface Depth {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** What rests on the best `count` levels, in quote currency. */
export const worthOfTop = (levels: readonly Level[], count: number): Quote =>
  levels
    .slice(0, count)
    .reduce((sum, { price, size }) => plus(sum, notional(price, size)), NO_QUOTE);

export interface Estimate {
  /** Base that the levels hold, at most what was asked. */
  readonly filled: Size;
  readonly average: Price;
  /** The price of the last level touched. */
  readonly worst: Price;
  /** Distance of the average from the best level; never below zero. */
  readonly slippage: Rate;
}

/** Walks the levels that an order of `size` would meet. Null when there are none. `filled` below `size`: the book ends before. */
export function estimate(levels: readonly Level[], size: Size): Estimate | null {
  const best = levels[0];
  if (!best || size <= 0n) return null;
  let filled = NO_SIZE;
  let cost = NO_QUOTE;
  let worst = best.price;
  for (const level of levels) {
    const part = least(level.size, minus(size, filled));
    if (part <= 0n) break;
    filled = plus(filled, part);
    cost = plus(cost, notional(level.price, part));
    worst = level.price;
  }
  if (filled === 0n) return null;
  const average = priceOf(cost, filled);
  const away = average > best.price ? minus(average, best.price) : minus(best.price, average);
  return { filled, average, worst, slippage: ratio(away, best.price) };
}

/** The price of the last level that a sum reaches; null when the levels hold less than that. */
export function reachOf(levels: readonly Level[], sum: Quote): Price | null {
  let left = sum;
  for (const { price, size } of levels) {
    left = minus(left, notional(price, size));
    if (left <= 0n) return price;
  }
  return null;
}
