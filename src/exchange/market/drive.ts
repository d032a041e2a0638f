/** Plays a recording into the market, tick by tick, stamped with the present. */
// Prices depend on the bar and the seed alone; only the stamps come from the clock.
import type { Price, Size } from "../../core/kernel/money.ts";
import type { Clock } from "../clock.ts";
import type { Engine } from "../matching/engine.ts";
import type { Market } from "./market.ts";
import { FEWEST_TICKS, type Tick, ticksOf } from "./path.ts";
import { type Recording, turnover } from "./recording.ts";
import { type Book, syntheticBook } from "./synthetic-book.ts";

export interface Play {
  readonly recording: Recording;
  readonly market: Market;
  readonly engine: Engine;
  readonly clock: Clock;
  /** What the time on the clock is called on the tape; the same, unless told. */
  readonly stamp?: (at: number) => number;
  readonly seed: string;
  readonly barSeconds: number;
  /** Prices never move, so neither do the books. */
  readonly still: boolean;
}

/** How many bars before the start are already on the tape. */
export const HISTORY_BARS = 300;
/** A longer stall (a sleeping machine) is skipped instead of caught up with. */
const MOST_LAG_MS = 5000;

/** One tick of one book: prints, lets client orders fill, moves the book, tells everyone. */
export function playTick(
  { market, engine }: Pick<Play, "market" | "engine">,
  book: string,
  tick: {
    readonly price: Price;
    /** How much client orders can get of it. */
    readonly size: Size;
    /** What the tape shows, when that is something else. */
    readonly printed?: Size;
    readonly at: number;
    readonly levels: Book;
  },
): void {
  const { price, size, at, printed } = tick;
  engine.onPrint(book, { price, size });
  market.show(book, tick.levels);
  engine.onBook(book);
  market.print(book, { price, size: printed ?? size, at });
  engine.onLast(book);
  market.announce(book);
}

/**
 * Four ticks a bar when bars are short, about one a second when they are long; always one on each
 * corner of the path.
 */
export const ticksPerBar = (barSeconds: number): number =>
  barSeconds <= FEWEST_TICKS ? FEWEST_TICKS : 3 * Math.round(Math.min(barSeconds, 60) / 3) + 1;

/**
 * When bar 0 begins: the last whole multiple of a bar's length, so that minute bars fall on
 * minutes.
 */
export const originOf = (now: number, barSeconds: number): number => {
  const barMs = barSeconds * 1000;
  return Math.floor(now / barMs) * barMs;
};

/** Puts history on the tape and keeps playing until the clock is stopped. */
export function play(on: Play): void {
  const barMs = on.barSeconds * 1000;
  const count = ticksPerBar(on.barSeconds);
  let origin = originOf(on.clock.now(), on.barSeconds);
  for (let bar = -Math.min(HISTORY_BARS, on.recording.before); bar < 0; bar += 1) {
    recall(on, { bar, count: FEWEST_TICKS, start: origin + bar * barMs, until: origin });
  }
  recall(on, { bar: 0, count, start: origin, until: on.clock.now() });
  let next = Math.floor(((on.clock.now() - origin) / barMs) * count) + 1;
  let bars = new Map<string, Tick[]>();
  let loaded = Number.NaN;
  const advance = (): void => {
    const due = (): number =>
      origin + Math.floor(next / count) * barMs + stepMs(next, count, barMs);
    const lag = on.clock.now() - due();
    if (lag > Math.max(MOST_LAG_MS, barMs)) origin += Math.floor(lag / barMs) * barMs;
    for (; due() <= on.clock.now(); next += 1) {
      const bar = Math.floor(next / count);
      if (bar !== loaded) {
        bars = load(on, bar, count);
        loaded = bar;
      }
      for (const [book, ticks] of bars)
        step(on, { book, bar, index: next % count, ticks, at: due() });
    }
    on.clock.after(due() - on.clock.now(), advance);
  };
  on.clock.after(0, advance);
}

const stepMs = (tick: number, count: number, barMs: number): number =>
  Math.ceil(((tick % count) * barMs) / count);

const load = (on: Play, bar: number, count: number): Map<string, Tick[]> =>
  new Map(
    on.market.products.map((product) => [
      product.id,
      ticksOf(
        {
          candle: on.recording.candle(product.id, bar),
          seed: on.seed,
          book: product.id,
          bar,
          priceStep: product.priceStep,
          sizeStep: product.baseStep,
        },
        count,
      ),
    ]),
  );

interface Step {
  readonly book: string;
  readonly bar: number;
  readonly index: number;
  readonly ticks: readonly Tick[];
  readonly at: number;
}

function step(on: Play, { book, bar, index, ticks, at }: Step): void {
  const tick = ticks[index];
  if (tick === undefined) return;
  playTick(on, book, {
    ...tick,
    at: on.stamp?.(at) ?? at,
    levels: levelsAt(on, { book, bar, index, price: tick.price }),
  });
}

function levelsAt(
  on: Play,
  place: {
    readonly book: string;
    readonly bar: number;
    readonly index: number;
    readonly price: Price;
  },
): Book {
  const product = on.market.products.find((each) => each.id === place.book);
  if (product === undefined) return { bids: [], asks: [] };
  return syntheticBook({
    price: place.price,
    priceStep: product.priceStep,
    sizeStep: product.baseStep,
    turnover: turnover(on.recording.candle(place.book, place.bar)),
    seed: on.still
      ? `${on.seed}|${place.book}`
      : `${on.seed}|${place.book}|${place.bar}|${place.index}`,
  });
}

interface Recall {
  readonly bar: number;
  readonly count: number;
  readonly start: number;
  readonly until: number;
}

/** Prints what of a bar lies in the past, without client orders seeing it. */
function recall(on: Play, { bar, count, start, until }: Recall): void {
  const barMs = on.barSeconds * 1000;
  for (const [book, ticks] of load(on, bar, count)) {
    for (const [index, tick] of ticks.entries()) {
      const at = start + stepMs(index, count, barMs);
      if (at > until) break;
      on.market.print(book, { price: tick.price, size: tick.size, at });
      on.market.show(book, levelsAt(on, { book, bar, index, price: tick.price }));
    }
    on.market.announce(book);
  }
}

/** A recording in which nothing ever moves. */
export const constantRecording = (prices: Readonly<Record<string, Price>>): Recording => ({
  before: HISTORY_BARS,
  candle: (book) => {
    const price = prices[book];
    if (price === undefined) throw new RangeError(`a constant market needs a price for ${book}`);
    const volume = ((4_000n * 10n ** 36n) / price) as Size;
    return { open: price, high: price, low: price, close: price, volume };
  },
});
