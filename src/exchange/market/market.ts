/** The books and tapes of all products, and the one place where changes to them are announced. */
// It knows no client orders: the matching engine reads its levels and takes from them.
import type { Price, Size } from "../../core/kernel/money.ts";
import type { Product } from "../catalog.ts";
import type { Book, Level } from "./synthetic-book.ts";
import { Tape, type Trade } from "./tape.ts";

export interface LevelChange {
  readonly side: "bid" | "offer";
  readonly price: Price;
  /** Zero when the level is gone. */
  readonly size: Size;
}

/** What became different in one book since the last announcement. */
export interface Change {
  readonly book: string;
  readonly trades: readonly Trade[];
  readonly levels: readonly LevelChange[];
}

interface Place {
  readonly product: Product;
  readonly tape: Tape;
  book: Book;
  announced: Map<string, LevelChange>;
  fresh: Trade[];
  rising: boolean;
}

export class Market {
  readonly #places = new Map<string, Place>();
  readonly #listeners = new Set<(change: Change) => void>();

  /** `firstTradeId` numbers the first trade of every book. */
  constructor(products: readonly Product[], firstTradeId: number) {
    for (const product of products) {
      this.#places.set(product.id, {
        product,
        tape: new Tape(firstTradeId),
        book: { bids: [], asks: [] },
        announced: new Map(),
        fresh: [],
        rising: true,
      });
    }
  }

  get products(): readonly Product[] {
    return [...this.#places.values()].map((place) => place.product);
  }

  tape(book: string): Tape {
    return this.#place(book).tape;
  }

  book(book: string): Book {
    return this.#place(book).book;
  }

  /** Price of the last trade; zero before the first. */
  last(book: string): Price {
    return this.#place(book).tape.last?.price ?? (0n as Price);
  }

  /** Every later announcement goes to `listener`. */
  listen(listener: (change: Change) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Puts a trade on the tape, never before the one ahead of it. Without a maker's side it follows
   * the direction of the price.
   */
  print(book: string, trade: Omit<Trade, "id" | "side"> & { readonly side?: Trade["side"] }): void {
    const place = this.#place(book);
    const last = place.tape.last;
    const before = last?.price ?? trade.price;
    if (trade.price !== before) place.rising = trade.price > before;
    const side = trade.side ?? (place.rising ? "SELL" : "BUY");
    const at = Math.max(trade.at, last?.at ?? trade.at);
    place.fresh.push(place.tape.add({ ...trade, side, at }));
  }

  /** Replaces the levels of a book. */
  show(book: string, levels: Book): void {
    this.#place(book).book = levels;
  }

  /** Uses up `size` of the offered levels at `price`. */
  take(book: string, at: { readonly price: Price; readonly size: Size }): void {
    const { bids, asks } = this.#place(book).book;
    for (const levels of [bids, asks]) {
      const index = levels.findIndex((level) => level.price === at.price);
      const level = levels[index];
      if (level === undefined) continue;
      level.size = (level.size - at.size) as Size;
      if (level.size <= 0n) levels.splice(index, 1);
    }
  }

  /** Tells the listeners what is new in a book, if anything is. */
  announce(book: string): void {
    const place = this.#place(book);
    const levels = difference(place);
    const trades = place.fresh;
    if (levels.length === 0 && trades.length === 0) return;
    place.fresh = [];
    for (const listener of this.#listeners) listener({ book, trades, levels });
  }

  #place(book: string): Place {
    const place = this.#places.get(book);
    if (place === undefined) throw new RangeError(`there is no book ${book}`);
    return place;
  }
}

/** Level changes since the last call; remembers the present levels as announced. */
function difference(place: Place): LevelChange[] {
  const now = new Map<string, LevelChange>();
  const note = (side: LevelChange["side"], levels: readonly Level[]): void => {
    for (const { price, size } of levels) now.set(`${side}${price}`, { side, price, size });
  };
  note("bid", place.book.bids);
  note("offer", place.book.asks);
  const changes: LevelChange[] = [];
  for (const [key, was] of place.announced) {
    if (!now.has(key)) changes.push({ ...was, size: 0n as Size });
  }
  for (const [key, level] of now) {
    if (place.announced.get(key)?.size !== level.size) changes.push(level);
  }
  place.announced = now;
  return changes;
}
