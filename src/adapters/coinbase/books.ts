/** The books of one connection: whole from a snapshot on, changed by every update, and not to be trusted once one is odd. */
// They end with their connection. Nothing is repaired: a doubt answers with its cause, and a new connection brings new snapshots.
import { Book } from "../../core/market/book.ts";
import type { BookEvent } from "./level2-wire.ts";
import { reading } from "./read.ts";

export interface Books {
  /** Answers why the book cannot be trusted any longer, or null. Updates before a snapshot change nothing. */
  apply(event: BookEvent): string | null;
  /** The book under an id of the wire, or null until its snapshot came. */
  whole(wireId: string): Book | null;
  /** Until the next snapshot there is no such book. */
  forget(wireId: string): void;
}

export function createBooks(): Books {
  const books = new Map<string, Book>();
  return {
    apply: ({ type, wireId, levels }) => {
      const known = books.get(wireId);
      if (type === "update" && !known) return null;
      const book = known ?? new Book();
      const applied = reading(() => {
        if (type === "snapshot") book.replace(levels);
        else for (const level of levels) book.set(level);
      });
      if (!applied.ok) return `a level of the ${wireId} book cannot be read: ${applied.error}`;
      if (book.crossed) return `the ${wireId} book is crossed`;
      books.set(wireId, book);
      return null;
    },
    whole: (wireId) => books.get(wireId) ?? null,
    forget: (wireId) => {
      books.delete(wireId);
    },
  };
}
