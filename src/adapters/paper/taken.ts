/** What paper orders took of one side of a market. The real book still shows it: it counts as gone while its price stands. */
import { least, minus, NO_SIZE, type Price, plus, type Size } from "../../core/kernel/money.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Level } from "../../core/market/book.ts";

export interface Taken {
  /** These levels are shown now. */
  see(levels: readonly Level[], at: Instant): void;
  /** What of them nobody took. */
  without(levels: readonly Level[]): readonly Level[];
  /** So much was taken of what these show, from the best on. */
  fromBook(levels: readonly Level[], size: Size): void;
  /** So much was taken of a trade: the book may show the same still. */
  fromTrade(price: Price, size: Size, at: Instant): void;
  /** What of a trade was not taken before, when the book showed it; each taking excuses one trade. */
  newOf(price: Price, size: Size): Size;
}

/** A price that flickers is the same offer; one away for longer than this is another. */
const FORGET_MS = 10_000;

interface Entry {
  readonly size: Size;
  /** Of it, what was taken from the book and no trade has accounted for. */
  readonly untraded: Size;
  /** Since when the price is not shown; null while it is. */
  readonly goneAt: Instant | null;
}

export function createTaken(): Taken {
  const entries = new Map<Price, Entry>();
  const add = (price: Price, size: Size, untraded: Size, goneAt: Instant | null): void => {
    if (size === 0n) return;
    const before = entries.get(price);
    entries.set(price, {
      size: plus(before?.size ?? NO_SIZE, size),
      untraded: plus(before?.untraded ?? NO_SIZE, untraded),
      goneAt: before ? before.goneAt : goneAt,
    });
  };
  const without = (levels: readonly Level[]): readonly Level[] =>
    levels.flatMap(({ price, size }) => {
      const left = minus(size, entries.get(price)?.size ?? NO_SIZE);
      return left > 0n ? [{ price, size: left }] : [];
    });
  return {
    without,
    see(levels, at) {
      for (const [price, entry] of entries) {
        const goneAt = entry.goneAt ?? at;
        const stands = levels.some((level) => level.price === price);
        if (at - goneAt > FORGET_MS) entries.delete(price);
        else entries.set(price, { ...entry, goneAt: stands ? null : goneAt });
      }
    },
    fromBook(levels, size) {
      let left = size;
      for (const level of without(levels)) {
        const part = least(left, level.size);
        add(level.price, part, part, null);
        left = minus(left, part);
      }
    },
    fromTrade: (price, size, at) => add(price, size, NO_SIZE, at),
    newOf(price, size) {
      const entry = entries.get(price);
      if (!entry) return size;
      const known = least(size, entry.untraded);
      entries.set(price, { ...entry, untraded: minus(entry.untraded, known) });
      return minus(size, known);
    },
  };
}
