/** The books of one connection: whole from a snapshot on, changed by every update, gone once one is odd. */
// They end with their connection. Nothing is repaired: a doubt answers with its cause, and only a snapshot makes a new book.
import { Book } from "../../core/market/book.ts";
import type { BookEvent } from "./level2-wire.ts";
import { reading } from "./read.ts";

export interface Books {
  /** Answers why the book cannot be trusted, and is gone, or null. Updates before a snapshot change nothing. */
  apply(event: BookEvent): string | null;
  /** The book under an id of the wire, or null until its snapshot came. */
  whole(wireId: string): Book | null;
  /** Every whole book under its id of the wire. */
  all(): Iterable<readonly [wireId: string, book: Book]>;
  /** Until the next snapshot there is no such book. */
  forget(wireId: string): void;
}

export function createBooks(): Books {
  const books = new Map<string, Book>();
  /** Why it is to be given up, or null. */
  const change = (book: Book, event: Exclude<BookEvent, { type: "odd" }>): string | null => {
    const applied = reading(() => {
      if (event.type === "snapshot") book.replace(event.levels);
      else for (const level of event.levels) book.set(level);
    });
    if (!applied.ok) return `a level of the ${event.wireId} book cannot be read: ${applied.error}`;
    return book.crossed ? `the ${event.wireId} book is crossed` : null;
  };
  return {
    apply: (event) => {
      if (event.type === "odd") {
        if (event.wireId === null) books.clear();
        else books.delete(event.wireId);
        return `the ${event.wireId ?? "(nameless)"} book cannot be read: ${event.why}`;
      }
      const known = books.get(event.wireId);
      if (event.type === "update" && !known) return null;
      const book = known ?? new Book();
      const cause = change(book, event);
      if (cause === null) books.set(event.wireId, book);
      else books.delete(event.wireId);
      return cause;
    },
    whole: (wireId) => books.get(wireId) ?? null,
    all: () => books,
    forget: (wireId) => {
      books.delete(wireId);
    },
  };
}
