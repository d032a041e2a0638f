/**
 * What the desk was told, in the order of telling, as the exchange remembers it: profits, trades that lost, refusals, stops,
 * failures, silence. Where two orders of things are possible the one that is better for the desk counts.
 */
import type { ProductId } from "../../src/core/kernel/ids.ts";
import { DAY_MS, dayOf, Timeline } from "./timeline.ts";

/** A fill as it was told. */
interface Booked {
  readonly at: number;
  readonly product: ProductId;
  /** Realised less its fee. */
  readonly profit: bigint;
  /** What the whole trade made, where this fill ended it. */
  readonly result: bigint | null;
  readonly isStop: boolean;
}

interface Worth {
  readonly least: bigint;
  readonly most: bigint;
}

/** So long after midnight a desk may still be looking for prices to begin the day with. */
const DAWN_MS = 60_000;
/** The desk counts realised profit by minutes. */
const MINUTE_MS = 60_000;

const least = (all: readonly bigint[]): bigint => all.reduce((a, b) => (a < b ? a : b));
const most = (all: readonly bigint[]): bigint => all.reduce((a, b) => (a > b ? a : b));

export class Course {
  readonly #closed = new Timeline(0n);
  readonly #losses = new Timeline(0);
  readonly #refusals = new Timeline(0);
  readonly #same = new Map<ProductId, Timeline<{ readonly count: number; readonly at: number }>>();
  readonly #stops = new Map<ProductId, Timeline<number>>();
  readonly #failures = new Timeline(0);
  readonly #throttles = new Timeline(0);
  readonly #alive = { market: new Timeline(0), user: new Timeline(0) };
  /** Equity at the dawn of each day but the first. */
  readonly #dawns = new Map<number, Worth[]>();
  readonly #opening: bigint;
  readonly #peak: Timeline<bigint>;
  #firstDay: number | null = null;

  constructor(opening: bigint) {
    this.#opening = opening;
    this.#peak = new Timeline(opening);
  }

  booked({ at, product, profit, result, isStop }: Booked): void {
    this.#closed.set(at, this.#closed.now + profit);
    if (result !== null) this.#losses.set(at, result < 0n ? this.#losses.now + 1 : 0);
    if (isStop) of(this.#stops, product, Number.NEGATIVE_INFINITY).set(at, at);
  }

  /** A create was refused, as all are: in the same words. */
  refused(product: ProductId, at: number): void {
    this.#refusals.set(at, this.#refusals.now + 1);
    const same = of(this.#same, product, NEVER);
    same.set(at, { count: same.now.count + 1, at });
  }

  /** Anything was said of an order that was taken. */
  heardOf(product: ProductId, at: number): void {
    if (this.#refusals.now > 0) this.#refusals.set(at, 0);
    const same = this.#same.get(product);
    if (same && same.now.count > 0) same.set(at, NEVER);
  }

  failed(at: number): void {
    this.#failures.set(at, this.#failures.now + 1);
  }

  throttled(at: number): void {
    this.#throttles.set(at, this.#throttles.now + 1);
  }

  alive(stream: "market" | "user", at: number): void {
    if (this.#alive[stream].now !== at) this.#alive[stream].set(at, at);
  }

  /** A person lets it go on: streaks begin anew, and so may the peak. @param worth the least that the account was worth */
  resumed(at: number, worth: bigint): void {
    this.#losses.set(at, 0);
    this.#refusals.set(at, 0);
    if (worth < this.#peak.now) this.#peak.set(at, worth);
  }

  /** The account as it may have looked; kept for the dawn of a day. */
  look(at: number, worth: () => Worth): void {
    this.#firstDay ??= dayOf(at);
    if (dayOf(at) === this.#firstDay || at % DAY_MS >= DAWN_MS) return;
    const all = this.#dawns.get(dayOf(at)) ?? [];
    all.push(worth());
    this.#dawns.set(dayOf(at), all);
  }

  /** Lost by fills alone since the day began. */
  closedLoss(at: number): bigint {
    const midnight = dayOf(at) * DAY_MS;
    return this.#lostSince(at, midnight, midnight + DAWN_MS);
  }

  closedLoss24h(at: number): bigint {
    return this.#lostSince(at, at - DAY_MS - MINUTE_MS, at - DAY_MS + MINUTE_MS);
  }

  #lostSince(at: number, from: number, until: number): bigint {
    const before = least(this.#closed.within(from, Math.min(at, until)));
    const profit = most(this.#closed.at(at)) - before;
    return profit < 0n ? -profit : 0n;
  }

  /** What the account was worth when the day began; null while a desk may not have looked yet. */
  opening(at: number): Worth | null {
    if (this.#firstDay === null || dayOf(at) === this.#firstDay)
      return { least: this.#opening, most: this.#opening };
    const dawn = this.#dawns.get(dayOf(at)) ?? [];
    if (at % DAY_MS < DAWN_MS || dawn.length === 0) return null;
    return { least: least(dawn.map((one) => one.least)), most: most(dawn.map((one) => one.most)) };
  }

  /** No more than the peak is thought to have been: that of the beginning, or what it fell to when a person let it go on. */
  peak(at: number): bigint {
    return least(this.#peak.at(at));
  }

  lossStreak(at: number): number {
    return Math.min(...this.#losses.at(at));
  }

  refusalStreak(at: number): number {
    return Math.min(...this.#refusals.at(at));
  }

  /** Refusals of a product in a row, the last of them within `ms`. */
  sameRefusals(product: ProductId, at: number, ms: number): number {
    const all = this.#same.get(product)?.at(at) ?? [];
    return Math.min(...all.map((run) => (at - run.at < ms ? run.count : 0)), ...none(all));
  }

  /** When a stop last sold it, if that was known for sure. */
  lastStop(product: ProductId, at: number): number {
    return this.#stops.get(product)?.at(at)[0] ?? Number.NEGATIVE_INFINITY;
  }

  failuresWithin(at: number, ms: number): number {
    return this.#failures.changes(at - ms, at);
  }

  /** The desk acts on them within a tick. */
  throttlesWithin(at: number, ms: number): number {
    return this.#throttles.changes(at - ms, at);
  }

  /** The longer silence of the two streams. */
  silenceMs(at: number): number {
    const last = (stream: "market" | "user"): number => Math.max(...this.#alive[stream].at(at));
    return at - Math.min(last("market") || at, last("user") || at);
  }
}

const NEVER = { count: 0, at: Number.NEGATIVE_INFINITY };
const none = (all: readonly unknown[]): readonly number[] => (all.length === 0 ? [0] : []);

function of<T>(all: Map<ProductId, Timeline<T>>, product: ProductId, first: T): Timeline<T> {
  const known = all.get(product) ?? new Timeline(first);
  all.set(product, known);
  return known;
}
