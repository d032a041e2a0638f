/** The prices a paper order may trade on: what the feed showed last, while that is fresh, whole and makes sense. */
// The real book still shows what a paper order took. It counts as gone while its price stands: no offer fills anybody twice.
import type { ProductId } from "../../core/kernel/ids.ts";
import { least, minus, NO_SIZE, type Price, plus, type Size } from "../../core/kernel/money.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Level } from "../../core/market/book.ts";
import type { Side } from "../../core/order/state.ts";
import type { MarketInput } from "../../ports/feed.ts";
import type { Offer } from "./fill-model.ts";

/** Why nothing may be filled now. */
export type NoPrice = "no-price" | "stale-price" | "crossed-price";

export interface PaperBook {
  hear(input: MarketInput, at: Instant): void;
  /** What an order of that side would meet now. */
  offer(product: ProductId, side: Side, now: Instant): Result<Offer, NoPrice>;
  /** An order of that side took so much, from the best level on. */
  took(product: ProductId, side: Side, size: Size): void;
}

/** A price older than this is a memory: a feed that froze must not go on filling orders. */
const STALE_MS = 10_000;

type Half = "bids" | "asks";

type Taken = ReadonlyMap<Price, Size>;

interface Shown {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly heardAt: Instant;
  /** When the levels behind the touch were told; null before. */
  readonly depthAt: Instant | null;
}

interface Product {
  shown: Shown;
  readonly taken: Record<Half, Taken>;
}

const met = (side: Side): Half => (side === "buy" ? "asks" : "bids");

export function createPaperBook(): PaperBook {
  const books = new Map<ProductId, Product>();
  const show = (product: ProductId, shown: Shown): void => {
    const taken = books.get(product)?.taken ?? { bids: new Map(), asks: new Map() };
    for (const half of ["bids", "asks"] as const) taken[half] = standing(taken[half], shown[half]);
    books.set(product, { shown, taken });
  };
  return {
    hear(input, at) {
      if (input.kind === "feed.broken") books.clear();
      if (input.kind === "market.depth") {
        const { bids, asks } = input.depth;
        show(input.product, { bids, asks, heardAt: at, depthAt: at });
      }
      if (input.kind === "market.quote") {
        const before = books.get(input.product)?.shown;
        show(input.product, {
          bids: touched("bids", { price: input.bid, size: input.bidSize }, before),
          asks: touched("asks", { price: input.ask, size: input.askSize }, before),
          heardAt: at,
          depthAt: before?.depthAt ?? null,
        });
      }
    },
    offer(product, side, now) {
      const book = books.get(product);
      if (!book) return fail("no-price");
      const { bids, asks, heardAt, depthAt } = book.shown;
      if (now - heardAt > STALE_MS) return fail("stale-price");
      const [bid] = bids;
      const [ask] = asks;
      if (bid && ask && bid.price >= ask.price) return fail("crossed-price");
      const deep = depthAt !== null && now - depthAt <= STALE_MS;
      const levels = book.shown[met(side)].slice(0, deep ? undefined : 1);
      return ok({ levels: without(levels, book.taken[met(side)]), deep });
    },
    took(product, side, size) {
      const book = books.get(product);
      if (!book) return;
      const half = met(side);
      const taken = new Map(book.taken[half]);
      let left = size;
      for (const level of without(book.shown[half], taken)) {
        const part = least(left, level.size);
        taken.set(level.price, plus(taken.get(level.price) ?? NO_SIZE, part));
        left = minus(left, part);
      }
      book.taken[half] = taken;
    },
  };
}

/** What was taken at prices that still stand. */
const standing = (taken: Taken, levels: readonly Level[]): Taken =>
  taken.size === 0
    ? taken
    : new Map([...taken].filter(([at]) => levels.some(({ price }) => price === at)));

/** The newest touch over the levels known behind it. A side without a price or a size shows nothing. */
function touched(half: Half, touch: Level, before: Shown | undefined): readonly Level[] {
  if (touch.price <= 0n) return [];
  const behind = (before?.[half] ?? []).filter(({ price }) => isWorse(half, price, touch.price));
  return touch.size > 0n ? [touch, ...behind] : behind;
}

const isWorse = (half: Half, price: Price, than: Price): boolean =>
  half === "asks" ? price > than : price < than;

const without = (levels: readonly Level[], taken: Taken): readonly Level[] =>
  taken.size === 0
    ? levels
    : levels.flatMap(({ price, size }) => {
        const left = minus(size, taken.get(price) ?? NO_SIZE);
        return left > 0n ? [{ price, size: left }] : [];
      });
