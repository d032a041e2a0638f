/** Asserts every cap of the policy whenever the exchange takes an order, by the exchange's own books alone. */
import type { OrderId, ProductId } from "../../src/core/kernel/ids.ts";
import { decimal } from "../../src/core/kernel/money.ts";
import { instant, iso } from "../../src/core/kernel/time.ts";
import type { Plan } from "../../src/core/order/state.ts";
import type { Policy } from "../../src/core/risk/limits.ts";
import { findLimit, limitFrom, withLimit } from "../../src/core/risk/policy.ts";
import { ACCOUNT_CHECKS, type Case, ORDER_CHECKS } from "./checks.ts";
import { COURSE_CHECKS } from "./checks-course.ts";
import { History } from "./history.ts";
import { isBuy, type Ledger, leavesOf, type Taken } from "./ledger.ts";
import { type Market, PRODUCTS } from "./market.ts";
import { type Decision, equityAt, type Ground, leastEquityAt, stakeAt } from "./stake.ts";

export interface Violation {
  readonly cap: string;
  readonly order: string;
  readonly detail: string;
}

/** When people had said that nothing may be bought, or nothing placed at all. */
export interface Closure {
  /** Decided at or after this and before `until`. */
  readonly from: number;
  until: number;
}

const ALL_CHECKS = { ...ORDER_CHECKS, ...ACCOUNT_CHECKS, ...COURSE_CHECKS };

/** How many violations are kept in words. */
const KEPT = 20;

export class Auditor {
  readonly violations: Violation[] = [];
  readonly checked: Record<string, number> = {};
  readonly closures: Closure[] = [];
  readonly history = new History();
  taken = 0;
  count = 0;
  /** The newest decision to buy of which an order was taken, of each product. */
  readonly #newest = new Map<ProductId, Decision>();
  /** How many had left when an order first did. */
  readonly #left = new Map<OrderId, number>();
  readonly #ground: Ground;
  readonly #ledger: Ledger;
  readonly #market: Market;
  /** The newest last. */
  readonly #policies: { readonly from: number; readonly policy: Policy }[];

  constructor(
    ledger: Ledger,
    market: Market,
    policy: Policy,
    strategyOf: (product: ProductId) => string,
  ) {
    this.#ledger = ledger;
    this.#market = market;
    this.#policies = [{ from: Number.NEGATIVE_INFINITY, policy }];
    const nthOf = ({ plan }: Taken): number => this.#left.get(plan.id) ?? 0;
    this.#ground = { ledger, market, strategyOf, products: PRODUCTS, nthOf };
  }

  /** A person lowers a cap: what is decided later is held to it. */
  lowered(key: string, value: string, at: number): void {
    const { policy } = this.#policies.at(-1) as { readonly policy: Policy };
    const row = findLimit(policy, key);
    if (!row) throw new RangeError(`no cap is called ${key}`);
    this.#policies.push({ from: at, policy: withLimit(policy, key, limitFrom(row, value)) });
  }

  /** A person lets the desk go on after what stopped it. */
  resumed(at: number): void {
    for (const one of this.closures) one.until = Math.min(one.until, at);
    const worth = leastEquityAt(this.#ground, at) - this.#ledger.deposited;
    this.#ledger.course.resumed(at, worth);
  }

  /** Time passes. */
  look(at: number): void {
    const { deposited, course } = this.#ledger;
    course.look(at, () => ({
      least: leastEquityAt(this.#ground, at) - deposited,
      most: equityAt(this.#ground, at) - deposited,
    }));
  }

  /** A create left the desk. */
  left(plan: Plan, at: number): void {
    // Sent once more is the same decision.
    if (!this.#left.has(plan.id)) this.#left.set(plan.id, this.#left.size + 1);
    this.#say("validity", plan, () =>
      at > plan.validUntil ? `left ${at - plan.validUntil} ms after it was worth anything` : null,
    );
    // The second it takes to obey is not a violation; an order that leaves later is.
    const closed = this.closures.find(({ from, until }) => at > from && at < until);
    this.#say("closed", plan, () =>
      closed && plan.side === "buy" ? `left ${at - closed.from} ms after all was stopped` : null,
    );
  }

  accepted(taken: Taken): void {
    this.taken += 1;
    this.history.took(taken);
    if (!isBuy(taken)) return this.#sold(taken);
    this.#ask(ALL_CHECKS, this.#caseOf(taken));
    this.#ledger.settle(Math.max(...[...this.#newest.values()].map(({ at }) => at)));
  }

  #caseOf(taken: Taken): Case {
    const { product, plannedAt } = taken.plan;
    const nth = this.#ground.nthOf(taken);
    const before = this.#newest.get(product);
    const newest = before && before.nth > nth ? before : { at: plannedAt, nth };
    this.#newest.set(product, newest);
    const look = (of: ProductId, decision: Decision) => ({
      product: of,
      strategy: this.#ground.strategyOf(of),
      nth: decision.nth,
      stake: stakeAt(this.#ground, decision),
    });
    const own = look(product, newest);
    const since = [own];
    for (const [of, decision] of this.#newest) {
      if (of !== product && decision.nth > nth) since.push(look(of, decision));
    }
    const last = since.reduce((latest, one) => (one.nth > latest.nth ? one : latest), own);
    const equity = equityAt(this.#ground, plannedAt);
    const inForce = this.#policies.findLast(({ from }) => from < plannedAt);
    return {
      taken,
      stake: last.stake,
      own: own.stake,
      since,
      equity,
      earned: equity - this.#ledger.deposited,
      said: this.#market.around(product, plannedAt),
      market: this.#market,
      history: this.history,
      course: this.#ledger.course,
      policy: (inForce ?? (this.#policies[0] as { readonly policy: Policy })).policy,
      ledger: this.#ledger,
    };
  }

  /** The books after a fill: nothing was sold that is not held. */
  filled({ plan }: Taken): void {
    this.#say("oversold", plan, () => {
      const held = this.#ledger.held.get(plan.product) ?? 0n;
      return held < 0n ? `holds ${decimal(held)}` : null;
    });
  }

  /** Cancels came in. */
  cancelled(all: readonly Taken[], at: number): void {
    for (const taken of all) this.history.cancelled(taken, at);
  }

  /** A sale is covered by what is held and not promised to other sales. */
  #sold(taken: Taken): void {
    const { plan } = taken;
    this.#say("covered", plan, () => {
      let free = this.#ledger.held.get(plan.product) ?? 0n;
      for (const one of this.#ledger.unfinished) {
        if (!isBuy(one) && one.plan.product === plan.product) free -= leavesOf(one);
      }
      return free < 0n ? `${decimal(-free)} more is being sold than is held` : null;
    });
  }

  #ask(checks: Readonly<Record<string, (of: Case) => string | null>>, of: Case): void {
    for (const [cap, check] of Object.entries(checks)) {
      this.#say(cap, of.taken.plan, () => check(of));
    }
  }

  #say(cap: string, plan: Plan, look: () => string | null): void {
    this.checked[cap] = (this.checked[cap] ?? 0) + 1;
    const detail = look();
    if (detail === null) return;
    this.count += 1;
    if (this.violations.length >= KEPT) return;
    const when = iso(instant(plan.plannedAt));
    const order = `${plan.side} ${decimal(plan.size)} ${plan.product} at ${decimal(plan.limit)}, ${plan.purpose}, ${plan.timeInForce}, decided ${when}`;
    this.violations.push({ cap, order, detail });
  }
}
