/** Client orders that rest, and who among them is first. */
// Price first, then time; an order's place in line is its time.
import type { Price } from "../../core/kernel/money.ts";
import type { Order, Side } from "../ledger-events.ts";
import type { Book, Level } from "../market/synthetic-book.ts";

export interface Resting {
  readonly orderId: string;
  readonly book: string;
  readonly side: Side;
  readonly limit: Price;
  readonly place: number;
}

/** The limit an order works at now: a triggered stop has one of its own. Null for a market order. */
export const limitOf = (order: Order): Price | null =>
  order.triggered && order.stop !== null ? order.stop.limit : order.limitPrice;

/** The resting orders of one side of a book, first in line first. */
export const restingIn = (all: Iterable<Resting>, book: string, side: Side): Resting[] =>
  [...all]
    .filter((each) => each.book === book && each.side === side)
    .sort((a, b) => byLine(a, b, side));

const byLine = (a: Resting, b: Resting, side: Side): number => {
  if (a.limit === b.limit) return a.place - b.place;
  const cheaper = a.limit < b.limit ? -1 : 1;
  return side === "BUY" ? -cheaper : cheaper;
};

/** Does a price reach the order: at or below a bid, at or above an ask? */
export const reached = ({ side, limit }: Resting, price: Price): boolean =>
  side === "BUY" ? price <= limit : price >= limit;

/** Has the last trade reached the order's stop? Prices of zero stand for no trade. */
export const stopReached = ({ stop }: Order, last: Price): boolean =>
  stop !== null && last > 0n && (stop.up ? last >= stop.price : last <= stop.price);

/** The best level that an order of this side would trade with. */
export const best = (book: Book, side: Side): Level | undefined =>
  side === "BUY" ? book.asks[0] : book.bids[0];
