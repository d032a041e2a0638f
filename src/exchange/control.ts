/** The hand on the exchange: tests drive prices with it and order faults in advance. */
// In-process only; nothing on the network reaches it.
import {
  NO_QUOTE,
  type Price,
  price as priceFrom,
  type Size,
  size as sizeFrom,
} from "../core/kernel/money.ts";
import type { Product, ProductFlags } from "./catalog.ts";
import type { Faults, PlannedAnswer, RouteName, Stream } from "./faults.ts";
import { playTick } from "./market/drive.ts";
import { type Level, syntheticBook } from "./market/synthetic-book.ts";
import type { Feed } from "./stream/feed.ts";
import type { Venue } from "./venue.ts";

/** Price and size as decimal texts. */
export type QuotedLevel = readonly [price: string, size: string];

export interface Control {
  /**
   * The market trades at a price: resting orders it reaches fill up to `size` (all of them without
   * it), then a book is
   * made up around it and whatever still rests across that book fills too.
   */
  trade(product: string, price: string, size?: string): void;
  /** Puts up exactly these levels, best first, without a trade. Resting orders they cross fill. */
  quote(
    product: string,
    levels: { readonly bids: readonly QuotedLevel[]; readonly asks: readonly QuotedLevel[] },
  ): void;
  /** Halts or restricts a product, or lifts it again. */
  setFlags(product: string, flags: Partial<ProductFlags>): void;
  /** The next accepted order ends as FAILED with this reject reason, e.g. `HOLD_FAILURE`. */
  failNextOrder(reason: string): void;
  /**
   * The next request is handled, then its connection is cut instead of answered. Routes: `POST
   * /orders`.
   */
  dropNextAnswer(route: RouteName): void;
  /** The next request is not handled; this is its answer. */
  failNext(route: RouteName, answer: PlannedAnswer): void;
  /** The next request waits before it is handled. */
  delayNext(route: RouteName, ms: number): void;
  /** Requests of this route are never answered, until `resume`. */
  hang(route: RouteName): void;
  /**
   * The next `count` frames of a stream are numbered but not sent. Both streams unless one is
   * named.
   */
  dropFrames(count: number, streams?: readonly Stream[]): void;
  /** Closes the open sockets; 1006 cuts them without a goodbye. */
  closeSockets(code?: number, streams?: readonly Stream[]): void;
  /** Sockets stay open but nothing comes, until `resume`; what was missed shows as a gap. */
  silence(streams?: readonly Stream[]): void;
  /** Ends every `hang` and `silence`. Requests that already hang stay unanswered. */
  resume(): void;
}

export interface ControlParts {
  readonly venue: Venue;
  readonly faults: Faults;
  readonly feed: Feed;
  /** The names of every route there is. */
  readonly routes: ReadonlySet<RouteName>;
}

const BOTH: readonly Stream[] = ["market", "user"];

export function controlOf({ venue, faults, feed, routes }: ControlParts): Control {
  const route = (name: RouteName): RouteName => {
    if (!routes.has(name)) throw new RangeError(`there is no route ${name}; one is POST /orders`);
    return name;
  };
  return {
    trade: (id, price, size) => trade(venue, productOf(venue, id), { price, size }),
    quote: (id, levels) => {
      const { book } = productOf(venue, id);
      venue.market.show(book, { bids: levels.bids.map(level), asks: levels.asks.map(level) });
      venue.engine.onBook(book);
      venue.market.announce(book);
    },
    setFlags: (id, flags) => {
      Object.assign(productOf(venue, id).flags, flags);
    },
    failNextOrder: (reason) => venue.engine.failNextOrder(reason),
    dropNextAnswer: (name) => faults.planDrop(route(name)),
    failNext: (name, answer) => faults.planAnswer(route(name), answer),
    delayNext: (name, ms) => faults.planDelay(route(name), ms),
    hang: (name) => faults.hang(route(name)),
    dropFrames: (count, streams = BOTH) => {
      for (const stream of streams) faults.dropFrames(stream, count);
    },
    closeSockets: (code = 1000, streams = BOTH) => {
      for (const connection of feed.connections) {
        if (streams.includes(connection.stream)) connection.close(code);
      }
    },
    silence: (streams = BOTH) => faults.silence(streams),
    resume: () => faults.resume(),
  };
}

function productOf({ catalog }: Venue, id: string): Product {
  const product = catalog.get(id);
  if (product === undefined) throw new RangeError(`there is no product ${id}`);
  return product;
}

const level = ([price, size]: QuotedLevel): Level => ({
  price: priceFrom(price),
  size: sizeFrom(size),
});

function trade(
  venue: Venue,
  product: Product,
  text: { readonly price: string; readonly size: string | undefined },
): void {
  const price: Price = priceFrom(text.price);
  const size: Size = text.size === undefined ? product.baseMax : sizeFrom(text.size);
  const levels = syntheticBook({
    price,
    priceStep: product.priceStep,
    sizeStep: product.baseStep,
    turnover: NO_QUOTE,
    seed: `${venue.settings.seed}|${product.book}|manual`,
  });
  const printed = text.size === undefined ? sizeFrom("0.01") : size;
  playTick(venue, product.book, { price, size, printed, at: venue.clock.now(), levels });
}
