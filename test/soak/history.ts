/** When orders that the exchange took were decided, and when cancels came: what caps on rates are counted by. */
import type { Plan } from "../../src/core/order/state.ts";
import { isBuy, type Taken } from "./ledger.ts";
import { dayOf } from "./timeline.ts";

/** Longer than any window that is looked back over, and any delay of an order. */
const KEPT_MS = 4_200_000;

export class History {
  #plans: Plan[] = [];
  readonly #cancels = new Map<Taken, number>();
  readonly #byDay = new Map<number, Plan[]>();

  took(taken: Taken): void {
    const { plan } = taken;
    this.#plans.push(plan);
    if (this.#plans.length % 256 === 0) {
      this.#plans = this.#plans.filter(({ plannedAt }) => plannedAt > plan.plannedAt - KEPT_MS);
    }
    const day = this.#byDay.get(dayOf(plan.plannedAt)) ?? [];
    day.push(plan);
    this.#byDay.set(dayOf(plan.plannedAt), day);
  }

  cancelled(taken: Taken, at: number): void {
    if (!this.#cancels.has(taken) && taken.toldAt !== null && taken.toldAt < at) {
      this.#cancels.set(taken, at);
    }
  }

  /** The most orders within `ms` up to an entry, over all entries whose window this order is in. */
  mostWithin(plan: Plan, ms: number): number {
    const from = plan.plannedAt;
    const near = this.#plans.filter(
      ({ plannedAt }) => plannedAt > from - ms && plannedAt < from + ms,
    );
    const ends = near.filter((one) => one.side === "buy" && one.plannedAt >= from);
    return Math.max(0, ...ends.map((end) => countUpTo(near, end.plannedAt, ms)));
  }

  /** Of the UTC day. */
  onDay(plan: Plan): number {
    const all = this.#byDay.get(dayOf(plan.plannedAt)) ?? [];
    const last = Math.max(...all.filter(({ side }) => side === "buy").map((one) => one.plannedAt));
    return all.filter((one) => one.plannedAt < last || isOneOf(one, last)).length;
  }

  cancelsBefore(at: number, ms: number): number {
    return [...this.#cancels.values()].filter((time) => time < at && time > at - ms).length;
  }

  /** Other orders of the product, decided within `ms` around it. */
  near(plan: Plan, ms: number): readonly Plan[] {
    return this.#plans.filter(
      (one) =>
        one !== plan &&
        one.product === plan.product &&
        Math.abs(one.plannedAt - plan.plannedAt) < ms,
    );
  }
}

/** Sales of the very moment of an entry may have come after it, and are never refused. */
const isOneOf = (plan: Plan, at: number): boolean => plan.plannedAt === at && isBuy({ plan });

const countUpTo = (near: readonly Plan[], at: number, ms: number): number =>
  near.filter((one) => one.plannedAt > at - ms && (one.plannedAt < at || isOneOf(one, at))).length;
