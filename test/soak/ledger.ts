/**
 * The exchange's own books: what it took, what executed, and what of that it has told. Sums of its own; the desk's state
 * is never asked.
 */
import type { OrderId, ProductId, VenueOrderId } from "../../src/core/kernel/ids.ts";
import { parse } from "../../src/core/kernel/money.ts";
import type { Plan } from "../../src/core/order/state.ts";
import { Course } from "./course.ts";
import { dayOf } from "./timeline.ts";

const ONE = 10n ** 18n;
export const FEE = parse("0.006");
export const OPENING_CASH = parse("20000");
/** Longer than any order is under way: its decision may be looked back on until then. */
const LATE_MS = 90_000;

export interface Fill {
  readonly entry: string;
  readonly at: number;
  readonly size: bigint;
  readonly value: bigint;
  readonly fee: bigint;
  /** When it was first mentioned to anybody, or null. */
  toldAt: number | null;
}

export interface Taken {
  readonly plan: Plan;
  readonly venueId: VenueOrderId;
  readonly at: number;
  progress: "open" | "cancelled" | "filled" | "expired";
  readonly fills: Fill[];
  /** When anything was first said of it, and when its answer said that nobody knows. */
  toldAt: number | null;
  doubtAt: number | null;
  /** What was last said of its progress. */
  said: string | null;
  changedAt: number;
}

/** What is said of an order: its first `fills` fills, and its progress, which an answer alone does not tell. */
export interface Statement {
  readonly fills: number;
  readonly progress?: string;
}

/** Somebody else's order on the account. */
export interface Foreign {
  readonly venueId: VenueOrderId;
  readonly product: ProductId;
  readonly worth: bigint;
  live: boolean;
  toldAt: number | null;
}

/** A fill as it was told, in the order of telling. */
interface Told {
  readonly at: number;
  readonly product: ProductId;
  readonly size: bigint;
  readonly cash: bigint;
}

/** All that there is to say of it. */
export const statement = ({ fills, progress }: Taken): Statement => ({
  fills: fills.length,
  progress,
});
export const isBuy = ({ plan }: Pick<Taken, "plan">): boolean => plan.side === "buy";
export const doneOf = ({ fills }: Taken): bigint => fills.reduce((sum, { size }) => sum + size, 0n);
export const spentOf = ({ fills }: Taken): bigint =>
  fills.reduce((sum, { value }) => sum + value, 0n);
const atLeastNothing = (amount: bigint): bigint => (amount > 0n ? amount : 0n);
/** What may still execute, in base; of an order for a sum what it was thought to come to. */
export const leavesOf = (taken: Taken): bigint =>
  taken.progress === "open" ? atLeastNothing((taken.plan.size as bigint) - doneOf(taken)) : 0n;
/** What a buy may still cost without its fee. */
export function worstOf(taken: Taken): bigint {
  const { spend, limit } = taken.plan;
  if (spend === undefined) return ((limit as bigint) * leavesOf(taken)) / ONE;
  return taken.progress === "open" ? atLeastNothing((spend as bigint) - spentOf(taken)) : 0n;
}
/** What it is worth as it was asked for. */
export const worthOf = ({ plan }: Pick<Taken, "plan">): bigint =>
  (plan.spend as bigint | undefined) ?? ((plan.limit as bigint) * plan.size) / ONE;

export class Ledger {
  readonly orders = new Map<OrderId, Taken>();
  /** Those that may still execute, or of which something is not told: few, so that sums are cheap. */
  readonly unfinished = new Set<Taken>();
  /** These, and those that were among them a moment ago: a decision that orders overtook did not count them. */
  readonly recent = new Set<Taken>();
  readonly foreign: Foreign[] = [];
  cash = OPENING_CASH;
  readonly held = new Map<ProductId, bigint>();
  /** What the fills that were told come to. */
  toldCash = OPENING_CASH;
  readonly toldHeld = new Map<ProductId, bigint>();
  #told: Told[] = [];
  /** Executed in a UTC day. */
  readonly executedOn = new Map<number, bigint>();
  readonly course = new Course(OPENING_CASH);
  /** Cash that came by no fill. */
  deposited = 0n;
  readonly #cost = new Map<ProductId, bigint>();
  /** Cash that went and came since the product was last held by nobody. */
  readonly #trade = new Map<ProductId, bigint>();
  #tolds = 0;

  take(plan: Plan, at: number): Taken {
    const venueId = `v-${plan.id}` as VenueOrderId;
    const base = { plan, venueId, at, changedAt: at, said: null };
    const taken: Taken = { ...base, progress: "open", fills: [], toldAt: null, doubtAt: null };
    this.orders.set(plan.id, taken);
    this.unfinished.add(taken);
    this.recent.add(taken);
    return taken;
  }

  fill(taken: Taken, size: bigint, price: bigint, at: number): void {
    const value = (price * size) / ONE;
    const fee = (value * FEE) / ONE;
    const entry = `${taken.plan.id}-${taken.fills.length + 1}`;
    taken.fills.push({ entry, at, size, value, fee, toldAt: null });
    taken.changedAt = at;
    this.unfinished.add(taken);
    this.recent.add(taken);
    const buys = isBuy(taken);
    this.cash += buys ? -(value + fee) : value - fee;
    add(this.held, taken.plan.product, buys ? size : -size);
    add(this.executedOn, dayOf(at), value);
    const { spend } = taken.plan;
    const rest = spend === undefined ? leavesOf(taken) : 0n;
    if (rest === 0n) this.close(taken, "filled", at);
  }

  close(taken: Taken, how: "cancelled" | "filled" | "expired", at: number): void {
    if (taken.progress !== "open") return;
    taken.progress = how;
    taken.changedAt = at;
  }

  /** The desk hears of an order. */
  tell(taken: Taken, { fills, progress }: Statement = statement(taken), at: number): void {
    taken.toldAt ??= at;
    if (progress !== undefined && progress !== taken.said) {
      taken.said = progress;
      this.course.heardOf(taken.plan.product, at);
    }
    for (const fill of taken.fills.slice(0, fills)) {
      if (fill.toldAt !== null) continue;
      fill.toldAt = at;
      this.#book(taken, fill, at);
    }
  }

  /** Fills that were told at a moment or since: who decided at that moment may not have known of them. */
  toldSince(at: number): readonly Told[] {
    return this.#told.filter((told) => told.at >= at);
  }

  /** Forgets what nobody decides by any more, and later what nobody looks back on. */
  settle(before: number): void {
    this.#told = this.#told.filter((told) => told.at >= before - LATE_MS);
    for (const taken of this.unfinished) {
      if (isToldBefore(taken, before)) this.unfinished.delete(taken);
    }
    for (const taken of this.recent) {
      if (isToldBefore(taken, before - LATE_MS)) this.recent.delete(taken);
    }
  }

  /** How many fills anybody was told of; for reports. */
  get tolds(): number {
    return this.#tolds;
  }

  /** A deposit, which no fill explains. */
  deposit(amount: bigint): void {
    this.cash += amount;
    this.toldCash += amount;
    this.deposited += amount;
  }

  #book(taken: Taken, fill: Fill, at: number): void {
    const { product } = taken.plan;
    const buys = isBuy(taken);
    const before = this.toldHeld.get(product) ?? 0n;
    const cost = this.#cost.get(product) ?? 0n;
    const size = buys ? fill.size : -fill.size;
    const cash = buys ? -(fill.value + fill.fee) : fill.value - fill.fee;
    const gone = buys || before <= 0n ? 0n : (cost * fill.size) / before;
    this.#cost.set(product, buys ? cost + fill.value : cost - gone);
    this.toldCash += cash;
    add(this.toldHeld, product, size);
    add(this.#trade, product, cash);
    const isFlat = this.toldHeld.get(product) === 0n;
    this.course.booked({
      at,
      product,
      profit: (buys ? 0n : fill.value - gone) - fill.fee,
      result: isFlat ? (this.#trade.get(product) ?? 0n) : null,
      isStop: taken.plan.purpose === "stop",
    });
    if (isFlat) this.#trade.set(product, 0n);
    this.#told.push({ at, product, size, cash });
    this.#tolds += 1;
  }
}

const isToldBefore = ({ fills, toldAt, progress }: Taken, moment: number): boolean =>
  progress !== "open" &&
  toldAt !== null &&
  fills.every((fill) => fill.toldAt !== null && fill.toldAt < moment);

function add<K>(sums: Map<K, bigint>, key: K, by: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + by);
}
