/** The market of the soak: prices that walk at random, and what was published of them when. It knows no order. */
import { type ProductId, productId } from "../../src/core/kernel/ids.ts";
import { type Price, price, quote, size } from "../../src/core/kernel/money.ts";
import type { Random } from "../../src/core/kernel/random.ts";
import { type Instant, instant } from "../../src/core/kernel/time.ts";
import type { Depth } from "../../src/core/market/depth.ts";
import type { Product } from "../../src/core/market/product.ts";
import type { MarketInput } from "../../src/ports/feed.ts";

/** Cents a whole unit costs at the beginning. */
const OPENING = { "BTC-USD": 5_000_000, "ETH-USD": 200_000, "SOL-USD": 10_000 } as const;
export const PRODUCTS: readonly ProductId[] = Object.keys(OPENING).map(productId);
/** The last one is on no allow-list. */
export const [BTC, ETH, SOL] = PRODUCTS as readonly [ProductId, ProductId, ProductId];

export const CATALOG: readonly Product[] = PRODUCTS.map((id) => ({
  id,
  priceStep: price("0.01"),
  quoteStep: quote("0.01"),
  sizeStep: size("0.000001"),
  minSize: size("0.00001"),
  maxSize: size("1000"),
  minNotional: quote("1"),
  maxNotional: quote("1000000"),
  closed: null,
}));

/** What was said of one product at one moment. `bid` is that of a sound quote, or of the one before. */
export interface Said {
  readonly at: number;
  readonly bid: Price;
  readonly ask: Price;
  readonly trade: Price;
  readonly sound: boolean;
  readonly depth: Depth | null;
}

/** How a market misbehaves, until when. */
export interface Mood {
  /** Nothing is published; also no sign of life. */
  silentUntil: number;
  wideUntil: number;
  crossedUntil: number;
  thinUntil: number;
}

/** How long what was said is remembered: longer than any order is under way. */
const KEPT_MS = 400_000;

const cents = (whole: number): Price => price((whole / 100).toFixed(2));

export class Market {
  readonly mood: Mood = { silentUntil: 0, wideUntil: 0, crossedUntil: 0, thinUntil: 0 };
  readonly #said = new Map<ProductId, Said[]>(PRODUCTS.map((id) => [id, []]));
  readonly #middle = new Map<ProductId, number>(
    Object.entries(OPENING).map(([id, at]) => [productId(id), at]),
  );
  readonly #random: Random;
  #trades = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Moves the price at once, by so many basis points. */
  jump(product: ProductId, points: number): void {
    const middle = this.#middle.get(product) ?? 0;
    this.#middle.set(product, Math.max(1000, middle * (1 + points / 10_000)));
  }

  /** The next prices of all products; nothing while it is silent. */
  publish(at: Instant): readonly MarketInput[] {
    if (at < this.mood.silentUntil) return [];
    return PRODUCTS.flatMap((product) => this.#quote(product, at));
  }

  last(product: ProductId): Said | null {
    return this.#said.get(product)?.at(-1) ?? null;
  }

  /** All that may have been believed at a moment: what was said at that very moment, and the last before it. */
  around(product: ProductId, at: number): readonly Said[] {
    const all = this.#said.get(product) ?? [];
    let index = all.length;
    while (index > 0 && (all[index - 1]?.at ?? 0) >= at) index -= 1;
    let end = index;
    while (end < all.length && all[end]?.at === at) end += 1;
    return all.slice(Math.max(0, index - 1), end);
  }

  /** The least that a unit was worth at a moment, to anybody who heard all that was published. */
  mark(product: ProductId, at: number): bigint {
    const worths = this.around(product, at).flatMap(({ bid, trade }) => [bid, trade]);
    return worths.reduce(
      (least, each) => (each < least ? each : least),
      worths[0] ?? (0n as Price),
    );
  }

  /** The most that a unit can have been thought worth then: its bid, or the last trade while no quote is sound. */
  dearest(product: ProductId, at: number): bigint {
    let most = 0n;
    for (const { bid, trade, sound } of this.around(product, at)) {
      for (const each of sound ? [bid] : [bid, trade]) if (each > most) most = each;
    }
    return most;
  }

  /**
   * How far the middle price went, at least, within the minute before a moment, in basis points: by the last of each second,
   * a single odd one left out.
   */
  movedBps(product: ProductId, at: number): number {
    const second = Math.floor(at / 1000);
    const seen = this.#middles(product, second - 59, second - 1);
    const middles = seen.slice(1, -1).map((here, nth) => {
      const [, middle = here] = [seen[nth] ?? here, here, seen[nth + 2] ?? here].sort(
        (a, b) => a - b,
      );
      return middle;
    });
    if (middles.length === 0) return 0;
    const low = Math.min(...middles);
    return ((Math.max(...middles) - low) / low) * 10_000;
  }

  /** The last sound middle of each second in which there was one. */
  #middles(product: ProductId, from: number, until: number): readonly number[] {
    const bySecond = new Map<number, number>();
    const all = this.#said.get(product) ?? [];
    for (let nth = all.length - 1; nth >= 0; nth -= 1) {
      const one = all[nth];
      const second = Math.floor((one?.at ?? 0) / 1000);
      if (!one || second < from) break;
      if (!one.sound || second > until || bySecond.has(second)) continue;
      bySecond.set(second, (Number(one.bid) + Number(one.ask)) / 2);
    }
    return [...bySecond.values()];
  }

  #quote(product: ProductId, at: Instant): readonly MarketInput[] {
    const random = this.#random;
    const middle = (this.#middle.get(product) ?? 0) * (1 + (random.next() - 0.5) * 0.0008);
    this.#middle.set(product, middle);
    const wide = at < this.mood.wideUntil ? 0.02 : 0.00005 + random.next() * 0.0002;
    const half = Math.max(1, Math.round((middle * wide) / 2));
    const [low, high] = [Math.round(middle) - half, Math.round(middle) + half];
    const crossed = at < this.mood.crossedUntil;
    const [bid, ask] = crossed ? [cents(high), cents(low)] : [cents(low), cents(high)];
    const depth = this.#depth(low, high, at < this.mood.thinUntil);
    this.#keep(product, {
      at,
      bid,
      ask,
      trade: ask,
      sound: !crossed,
      depth: crossed ? null : depth,
    });
    this.#trades += 1;
    const tradeId = String(this.#trades);
    const shown = size("5");
    const quoted: MarketInput = crossed
      ? { kind: "market.quote", product, bid, ask, bidSize: shown, askSize: shown }
      : { kind: "market.depth", product, depth };
    const traded: MarketInput = {
      kind: "market.trade",
      product,
      price: crossed ? cents(low) : ask,
      size: size("0.01"),
      time: instant(at),
      tradeId,
    };
    return [traded, quoted];
  }

  #depth(low: number, high: number, thin: boolean): Depth {
    const shown = thin ? size("0.000001") : size("20");
    const levels = (from: number, step: number) =>
      Array.from({ length: 5 }, (_, nth) => ({ price: cents(from + nth * step), size: shown }));
    return { bids: levels(low, -1), asks: levels(high, 1) };
  }

  #keep(product: ProductId, said: Said): void {
    const all = this.#said.get(product) ?? [];
    const before = all.at(-1);
    // A crossed quote is no price to value by; the bid before it still may be.
    all.push(said.sound || !before ? said : { ...said, bid: before.bid, ask: before.ask });
    const from = all.findIndex(({ at }) => at > said.at - KEPT_MS);
    if (from > 50) all.splice(0, from);
  }
}
