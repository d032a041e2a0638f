/** What a marketable order would take from the levels opposite to it. */
// A plan only: nothing is taken here.
import {
  floorTo,
  least,
  minus,
  NO_QUOTE,
  NO_SIZE,
  notional,
  type Price,
  plus,
  type Quote,
  type Rate,
  ratio,
  type Size,
  sizeOf,
} from "../../core/kernel/money.ts";
import type { Side } from "../ledger-events.ts";
import type { Book, Level } from "../market/synthetic-book.ts";

export interface Take {
  readonly price: Price;
  readonly size: Size;
  readonly value: Quote;
}

export interface Plan {
  readonly takes: readonly Take[];
  readonly value: Quote;
  readonly size: Size;
  /** Whether the whole size asked for is there. */
  readonly whole: boolean;
}

export interface Wish {
  readonly side: Side;
  /** Base currency, or … */
  readonly size: Size | null;
  /** … quote currency net of commission. */
  readonly net: Quote | null;
  readonly limit: Price | null;
}

/** Fills of quote-sized orders are finer than the base increment: 15 places. */
const FINEST_SIZE = 1000n as Size;
const FINEST_QUOTE = 100n as Quote;
const ONE = 10n ** 18n;

/** Would the order trade at this level's price? */
export const reaches = (side: Side, limit: Price | null, level: Price): boolean =>
  limit === null || (side === "BUY" ? level <= limit : level >= limit);

export const opposite = (book: Book, side: Side): readonly Level[] =>
  side === "BUY" ? book.asks : book.bids;

/** What is left for the trade itself of a quote size that has to pay its own commission. */
export const netOf = (quoteSize: Quote, taker: Rate): Quote =>
  floorTo(ratio(quoteSize, (ONE + taker) as Quote) as bigint as Quote, FINEST_QUOTE);

/** Takes level by level, best first, until the wish is met, the limit stops it or the book ends. */
export function walk(book: Book, wish: Wish): Plan {
  const takes: Take[] = [];
  let size = NO_SIZE;
  let value = NO_QUOTE;
  let whole = false;
  for (const level of opposite(book, wish.side)) {
    if (!reaches(wish.side, wish.limit, level.price)) break;
    const take = wish.net === null ? bySize(level, wish, size) : byValue(level, wish.net, value);
    if (take.size <= 0n) break;
    takes.push(take);
    size = plus(size, take.size);
    value = plus(value, take.value);
    whole = wish.net === null ? size === wish.size : value === wish.net;
    if (whole) break;
  }
  return { takes, value, size, whole };
}

function bySize(level: Level, wish: Wish, taken: Size): Take {
  const size = least(level.size, minus(wish.size ?? NO_SIZE, taken));
  return { price: level.price, size, value: notional(level.price, size) };
}

function byValue(level: Level, net: Quote, taken: Quote): Take {
  const left = minus(net, taken);
  const all = notional(level.price, level.size);
  if (left > all) return { price: level.price, size: level.size, value: all };
  return { price: level.price, size: floorTo(sizeOf(left, level.price), FINEST_SIZE), value: left };
}
