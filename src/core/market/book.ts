/** The order book of one product: a snapshot, then absolute quantities; a quantity of zero takes its level away. */
// It keeps the venue's own texts and makes amounts of them only when somebody looks: most levels nobody ever looks at.
import { type Price, parse, type Size } from "../kernel/money.ts";

export type BookSide = "bid" | "ask";

export interface Level {
  readonly price: Price;
  readonly size: Size;
}

/** `price` and `size` are plain decimals; `size` is what rests at that price now. */
export interface LevelText {
  readonly side: BookSide;
  readonly price: string;
  readonly size: string;
}

/** A double tells two decimals apart as long as neither has more digits than this. */
const MOST_DIGITS = 15;

/** One side, best price last: that is where nearly all changes happen. `order` rises towards the best price. */
interface Half {
  readonly sign: 1 | -1;
  readonly order: number[];
  readonly prices: string[];
  readonly sizes: string[];
}

export class Book {
  readonly #bid: Half = { sign: 1, order: [], prices: [], sizes: [] };
  readonly #ask: Half = { sign: -1, order: [], prices: [], sizes: [] };

  /** Forgets everything and begins with these. @throws RangeError as `set`; the book is then empty */
  replace(levels: Iterable<LevelText>): void {
    this.clear();
    const wanted: Record<BookSide, LevelText[]> = { bid: [], ask: [] };
    for (const level of levels) wanted[level.side].push(level);
    try {
      for (const side of ["bid", "ask"] as const) {
        const { sign } = this.#half(side);
        const keyed = wanted[side].map((level) => ({ level, at: sign * orderOf(level.price) }));
        keyed.sort((a, b) => a.at - b.at);
        for (const { level } of keyed) this.set(level);
      }
    } catch (error) {
      this.clear();
      throw error;
    }
  }

  /** @throws RangeError when a text is not a decimal, is negative, or the price has more than 15 digits or is zero */
  set({ side, price, size }: LevelText): void {
    const half = this.#half(side);
    const at = half.sign * orderOf(price);
    const gone = amountOf(size) === 0;
    const index = place(half.order, at);
    const known = half.order[index] === at;
    if (known && gone) {
      half.order.splice(index, 1);
      half.prices.splice(index, 1);
      half.sizes.splice(index, 1);
    } else if (known) {
      half.sizes[index] = size;
    } else if (!gone) {
      half.order.splice(index, 0, at);
      half.prices.splice(index, 0, price);
      half.sizes.splice(index, 0, size);
    }
  }

  clear(): void {
    for (const half of [this.#bid, this.#ask]) {
      half.order.length = 0;
      half.prices.length = 0;
      half.sizes.length = 0;
    }
  }

  count(side: BookSide): number {
    return this.#half(side).order.length;
  }

  best(side: BookSide): Level | null {
    return this.levels(side, 1)[0] ?? null;
  }

  /** The best `most` levels, best first. */
  levels(side: BookSide, most: number): readonly Level[] {
    const { order, prices, sizes } = this.#half(side);
    const out: Level[] = [];
    for (let i = order.length - 1; i >= 0 && out.length < most; i -= 1) {
      out.push({ price: parse(prices[i] ?? "") as Price, size: parse(sizes[i] ?? "") as Size });
    }
    return out;
  }

  /** Somebody offers to buy at or above what somebody offers to sell for: no venue shows that, so a message is missing. */
  get crossed(): boolean {
    const bid = this.#bid.order.at(-1);
    const ask = this.#ask.order.at(-1);
    return bid !== undefined && ask !== undefined && bid >= -ask;
  }

  #half(side: BookSide): Half {
    return side === "bid" ? this.#bid : this.#ask;
  }
}

const DECIMAL = /^\d*\.?\d+$|^\d+\.$/;

/** A float for ordering and for telling zero; never an amount. */
function amountOf(text: string): number {
  if (!DECIMAL.test(text))
    throw new RangeError(`not a decimal: ${JSON.stringify(text.slice(0, 40))}`);
  return Number(text);
}

function orderOf(price: string): number {
  const at = amountOf(price);
  const digits = price.length > MOST_DIGITS ? price.replace(/^0*\.?0*|\./g, "").length : 0;
  if (at === 0 || digits > MOST_DIGITS) {
    throw new RangeError(`not the price of a level: ${JSON.stringify(price.slice(0, 40))}`);
  }
  return at;
}

/** Where `at` stands or belongs; looked for from the best price on, in growing steps. */
function place(order: readonly number[], at: number): number {
  let high = order.length;
  let low = high;
  for (let stride = 1; low > 0 && (order[low - 1] ?? 0) >= at; stride *= 2) {
    high = low - 1;
    low = Math.max(0, high - stride);
    if (order[high] === at) return high;
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
