/** The prices a paper order may trade on: what the feed showed last, while that is fresh, whole and makes sense. */
// No offer fills anybody twice: neither told again, nor told as a quote and as a trade.
import type { ProductId } from "../../core/kernel/ids.ts";
import type { Price, Size } from "../../core/kernel/money.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Level } from "../../core/market/book.ts";
import type { Side } from "../../core/order/state.ts";
import type { MarketInput } from "../../ports/feed.ts";
import { createTaken, type Taken } from "./taken.ts";

/** Why nothing may be filled now. */
export type NoPrice = "no-price" | "stale-price" | "crossed-price";

export interface PaperBook {
  hear(input: MarketInput, at: Instant): void;
  /** What an order of that side would meet now, best first; nothing that is not there. */
  offer(product: ProductId, side: Side, now: Instant): Result<readonly Level[], NoPrice>;
  /** An order of that side took so much, from the best level on. */
  took(product: ProductId, side: Side, size: Size): void;
  /** What of a trade the book has not filled anybody with already. Asked once for each trade. */
  newOf(trade: Trade): Size;
  /** An order of that side took so much of a trade. */
  tookOf(trade: Trade, side: Side, size: Size, at: Instant): void;
}

type Trade = Pick<Extract<MarketInput, { kind: "market.trade" }>, "product" | "price" | "size">;

/** A price older than this is a memory: a feed that froze must not go on filling orders. */
const STALE_MS = 10_000;

type Half = "bids" | "asks";

interface Shown {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  /** The best of each side as last told: one level, or none where it has no size. */
  readonly touch: Readonly<Record<Half, readonly Level[]>>;
  readonly heardAt: Instant;
  /** When the levels behind the touch were told; null before. */
  readonly depthAt: Instant | null;
}

interface Product {
  /** Null: nothing was told, or it is not to be trusted any more. */
  shown: Shown | null;
  readonly taken: Readonly<Record<Half, Taken>>;
}

const HALVES = ["bids", "asks"] as const;

const met = (side: Side): Half => (side === "buy" ? "asks" : "bids");

export function createPaperBook(): PaperBook {
  const books = new Map<ProductId, Product>();
  const bookOf = (product: ProductId): Product => {
    const book = books.get(product) ?? {
      shown: null,
      taken: { bids: createTaken(), asks: createTaken() },
    };
    books.set(product, book);
    return book;
  };
  const show = (book: Product, shown: Shown | null, at: Instant): void => {
    book.shown = shown;
    for (const half of HALVES) book.taken[half].see(shown?.[half] ?? [], at);
  };
  return {
    hear(input, at) {
      if (input.kind === "feed.broken" && input.stream === "market") {
        for (const book of books.values()) show(book, null, at);
      }
      if (input.kind === "market.depth") show(bookOf(input.product), told(input, at), at);
      if (input.kind === "market.quote") {
        const book = bookOf(input.product);
        show(book, quoted(input, book.shown, at), at);
      }
    },
    offer(product, side, now) {
      const { shown, taken } = bookOf(product);
      if (!shown) return fail("no-price");
      if (now - shown.heardAt > STALE_MS) return fail("stale-price");
      const [bid] = shown.bids;
      const [ask] = shown.asks;
      if (bid && ask && bid.price >= ask.price) return fail("crossed-price");
      const half = met(side);
      const isDeep = shown.depthAt !== null && now - shown.depthAt <= STALE_MS;
      return ok(taken[half].without(isDeep ? shown[half] : shown.touch[half]));
    },
    took(product, side, size) {
      const { shown, taken } = bookOf(product);
      const half = met(side);
      if (shown) taken[half].fromBook(shown[half], size);
    },
    newOf({ product, price, size }) {
      const { taken } = bookOf(product);
      return HALVES.reduce((left, half) => taken[half].newOf(price, left), size);
    },
    tookOf({ product, price }, side, size, at) {
      bookOf(product).taken[met(side)].fromTrade(price, size, at);
    },
  };
}

type Input<Kind> = Extract<MarketInput, { kind: Kind }>;

function told({ depth: { bids, asks } }: Input<"market.depth">, at: Instant): Shown {
  const touch = { bids: bids.slice(0, 1), asks: asks.slice(0, 1) };
  return { bids, asks, touch, heardAt: at, depthAt: at };
}

/** The newest touch over the levels known behind it. A side without a price or a size shows nothing. */
function quoted(input: Input<"market.quote">, before: Shown | null, at: Instant): Shown {
  const bid = { price: input.bid, size: input.bidSize };
  const ask = { price: input.ask, size: input.askSize };
  const touch = { bids: [bid].filter(isThere), asks: [ask].filter(isThere) };
  return {
    bids: [...touch.bids, ...behind("bids", bid.price, before)],
    asks: [...touch.asks, ...behind("asks", ask.price, before)],
    touch,
    heardAt: at,
    depthAt: before?.depthAt ?? null,
  };
}

const isThere = ({ price, size }: Level): boolean => price > 0n && size > 0n;

const behind = (half: Half, touch: Price, before: Shown | null): readonly Level[] =>
  touch <= 0n ? [] : (before?.[half] ?? []).filter(({ price }) => isWorse(half, price, touch));

const isWorse = (half: Half, price: Price, than: Price): boolean =>
  half === "asks" ? price > than : price < than;
