/** Tells what a whole book shows: its top whenever that changes, its best levels a few times a second. */
// What is newest is said in the end: a change that has to wait is said when its time has come, unless the book ended before.
import type { Book, Level } from "../../core/market/book.ts";
import type { Depth } from "../../core/market/depth.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";
import type { QuoteRead } from "./read.ts";

export interface Tell {
  quote(quote: QuoteRead): void;
  depth(depth: Depth): void;
}

export interface BookTeller {
  /** The book has changed. */
  changed(book: Book): void;
  /** Says the top once more, as still true. */
  confirm(book: Book): void;
  /** The stream has proved that it holds nothing back: says the top once more unless that was said just now. */
  beat(book: Book): void;
  /** There is no such book any more: its depth is empty. */
  gone(): void;
  /** Nothing more is said of what changed before. */
  over(): void;
}

const DEPTH_LEVELS = 10;
const DEPTH_EVERY_MS = 250;
/** Beats come once a second. */
const JUST_NOW_MS = 500;

/** For one book. A book with an empty side has no top; its depth is told all the same. */
export function bookTeller(
  tell: Tell,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
): BookTeller {
  let top: QuoteRead | null = null;
  let depth: Depth | null = null;
  let toldAt: number | null = null;
  let quotedAt: number | null = null;
  let cancelLater: (() => void) | null = null;

  const sayTop = (): void => {
    if (!top) return;
    quotedAt = clock.now();
    tell.quote(top);
  };
  const sayDepth = (book: Book): void => {
    const next = depthOf(book);
    if (depth && sameDepth(depth, next)) return;
    depth = next;
    toldAt = clock.now();
    tell.depth(next);
  };
  const waitMs = (): number => {
    const since = toldAt === null ? DEPTH_EVERY_MS : clock.now() - toldAt;
    return since < 0 ? 0 : DEPTH_EVERY_MS - since;
  };
  const confirm = (book: Book): void => {
    top = topOf(book);
    sayTop();
  };
  const over = (): void => {
    cancelLater?.();
    cancelLater = null;
  };
  return {
    changed: (book) => {
      const next = topOf(book);
      const same = next && top && sameTop(top, next);
      top = next;
      if (!same) sayTop();
      if (cancelLater) return;
      const ms = waitMs();
      if (ms <= 0) return sayDepth(book);
      cancelLater = timers.after(ms, () => {
        cancelLater = null;
        sayDepth(book);
      });
    },
    confirm,
    beat: (book) => {
      const ageMs = quotedAt === null ? JUST_NOW_MS : clock.now() - quotedAt;
      if (ageMs < 0 || ageMs >= JUST_NOW_MS) confirm(book);
    },
    gone: () => {
      over();
      if (depth) tell.depth({ bids: [], asks: [] });
      depth = null;
    },
    over,
  };
}

function topOf(book: Book): QuoteRead | null {
  const bid = book.best("bid");
  const ask = book.best("ask");
  return bid && ask
    ? { bid: bid.price, ask: ask.price, bidSize: bid.size, askSize: ask.size }
    : null;
}

const depthOf = (book: Book): Depth => ({
  bids: book.levels("bid", DEPTH_LEVELS),
  asks: book.levels("ask", DEPTH_LEVELS),
});

const sameTop = (a: QuoteRead, b: QuoteRead): boolean =>
  a.bid === b.bid && a.ask === b.ask && a.bidSize === b.bidSize && a.askSize === b.askSize;

const sameLevels = (a: readonly Level[], b: readonly Level[]): boolean =>
  a.length === b.length &&
  a.every(({ price, size }, i) => price === b[i]?.price && size === b[i]?.size);

const sameDepth = (a: Depth, b: Depth): boolean =>
  sameLevels(a.bids, b.bids) && sameLevels(a.asks, b.asks);
