/** What has traded in one book: the latest trades and minute candles built from them. */
// Everything is kept up to a bound; nothing is sent from here.
import { least, most, type Price, type Size } from "../../core/kernel/money.ts";

/** `side` is the maker's: SELL means a buyer lifted a resting sell. */
export interface Trade {
  readonly id: string;
  readonly price: Price;
  readonly size: Size;
  readonly side: "BUY" | "SELL";
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Bucket {
  /** Unix seconds. */
  readonly start: number;
  readonly open: Price;
  high: Price;
  low: Price;
  close: Price;
  volume: Size;
}

export interface Day {
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly volume: Size;
}

const MOST_TRADES = 20_000;
const MOST_MINUTES = 45_000;
const MINUTE = 60;

export class Tape {
  readonly trades: Trade[] = [];
  readonly #minutes: Bucket[] = [];
  #nextId: number;

  /** `firstId` numbers the first trade; later ones count on. */
  constructor(firstId: number) {
    this.#nextId = firstId;
  }

  get last(): Trade | undefined {
    return this.trades.at(-1);
  }

  /** Trades come in the order of their times. */
  add(trade: Omit<Trade, "id">): Trade {
    const full = { id: String(this.#nextId), ...trade };
    this.#nextId += 1;
    this.trades.push(full);
    if (this.trades.length > MOST_TRADES + 1000) this.trades.splice(0, 1000);
    grow(this.#minutes, Math.floor(trade.at / 60_000) * MINUTE, trade);
    if (this.#minutes.length > MOST_MINUTES + 1000) this.#minutes.splice(0, 1000);
    return full;
  }

  /**
   * Buckets of `seconds` (a multiple of 60) that begin within [from, to] (unix seconds), oldest
   * first.
   */
  candles(seconds: number, from: number, to: number): Bucket[] {
    const buckets: Bucket[] = [];
    for (let index = this.#minutes.length - 1; index >= 0; index -= 1) {
      const minute = this.#minutes[index];
      if (minute === undefined || minute.start < from - seconds) break;
      const start = Math.floor(minute.start / seconds) * seconds;
      if (start < from || start > to) continue;
      prepend(buckets, start, minute);
    }
    return buckets.reverse();
  }

  /** The last 24 hours before `now` (milliseconds). */
  day(now: number): Day | undefined {
    return summary(this.#minutes, Math.floor(now / 60_000) * MINUTE - 86_400);
  }
}

function grow(buckets: Bucket[], start: number, trade: Omit<Trade, "id">): void {
  const { price, size } = trade;
  const last = buckets.at(-1);
  if (last === undefined || last.start < start) {
    buckets.push({ start, open: price, high: price, low: price, close: price, volume: size });
    return;
  }
  if (price > last.high) last.high = price;
  if (price < last.low) last.low = price;
  last.close = price;
  last.volume = (last.volume + size) as Size;
}

/** Buckets are newest first here; `minute` is older than all before it. */
function prepend(buckets: Bucket[], start: number, minute: Bucket): void {
  const newest = buckets.at(-1);
  if (newest === undefined || newest.start !== start) {
    buckets.push({ ...minute, start });
    return;
  }
  buckets[buckets.length - 1] = {
    start,
    open: minute.open,
    high: most(newest.high, minute.high),
    low: least(newest.low, minute.low),
    close: newest.close,
    volume: (newest.volume + minute.volume) as Size,
  };
}

function summary(minutes: readonly Bucket[], from: number): Day | undefined {
  let day: { open: Price; high: Price; low: Price; volume: Size } | undefined;
  for (let index = minutes.length - 1; index >= 0; index -= 1) {
    const minute = minutes[index];
    if (minute === undefined || minute.start < from) break;
    day = {
      open: minute.open,
      high: day === undefined || minute.high > day.high ? minute.high : day.high,
      low: day === undefined || minute.low < day.low ? minute.low : day.low,
      volume: ((day?.volume ?? 0n) + minute.volume) as Size,
    };
  }
  return day;
}
