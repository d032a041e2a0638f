/** Client orders that rest, and who among them is first. */
// Price first, then time; an order's sequence number is its time.
import type { Price } from "../../core/kernel/money.ts";
import type { Side } from "../ledger-events.ts";
import type { Book, Level } from "../market/synthetic-book.ts";

export interface Resting {
  readonly orderId: string;
  readonly book: string;
  readonly side: Side;
  readonly limit: Price;
  readonly sequence: number;
}

/** The resting orders of one side of a book, first in line first. */
export const restingIn = (all: Iterable<Resting>, book: string, side: Side): Resting[] =>
  [...all]
    .filter((each) => each.book === book && each.side === side)
    .sort((a, b) => byLine(a, b, side));

const byLine = (a: Resting, b: Resting, side: Side): number => {
  if (a.limit === b.limit) return a.sequence - b.sequence;
  const cheaper = a.limit < b.limit ? -1 : 1;
  return side === "BUY" ? -cheaper : cheaper;
};

/** Does a price reach the order: at or below a bid, at or above an ask? */
export const reached = ({ side, limit }: Resting, price: Price): boolean =>
  side === "BUY" ? price <= limit : price >= limit;

/** The best level that an order of this side would trade with. */
export const best = (book: Book, side: Side): Level | undefined =>
  side === "BUY" ? book.asks[0] : book.bids[0];
