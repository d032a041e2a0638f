/** One assertion for each cap of the policy, told by what the exchange itself saw: a sentence when it is broken, or null. */
import type { ProductId } from "../../src/core/kernel/ids.ts";
import { decimal } from "../../src/core/kernel/money.ts";
import type { Lockout, Policy } from "../../src/core/risk/limits.ts";
import { DUST, many, over, pointsOf, shareOf } from "./compared.ts";
import type { Course } from "./course.ts";
import type { History } from "./history.ts";
import { type Ledger, type Taken, worthOf } from "./ledger.ts";
import type { Market, Said } from "./market.ts";
import type { Stake } from "./stake.ts";
import { dayOf } from "./timeline.ts";

/** All that an assertion may look at: nothing of it is the desk's. */
export interface Case {
  readonly taken: Taken;
  /** At the newest decision of all. */
  readonly stake: Stake;
  /** At the newest decision about its product: what caps of that product are asserted by. */
  readonly own: Stake;
  /** At the newest decision about each product that was not decided before it. */
  readonly since: readonly Since[];
  /** The most that the account can have been thought worth when it was decided. */
  readonly equity: bigint;
  /** That, less what came by no fill. */
  readonly earned: bigint;
  readonly said: readonly Said[];
  readonly market: Market;
  readonly history: History;
  readonly course: Course;
  /** As it was when it was decided. */
  readonly policy: Policy;
  readonly ledger: Ledger;
}
/** Caps of one product or strategy bind the decisions about it, and no later decision about another. */
interface Since {
  readonly product: ProductId;
  readonly strategy: string;
  readonly stake: Stake;
}
type Check = (of: Case) => string | null;

const limits = ({ policy, taken }: Case) => policy.per_symbol.get(taken.plan.product);

/** What one order may be, whatever else there is. */
export const ORDER_CHECKS: Readonly<Record<string, Check>> = {
  "allowed products": ({ policy, taken: { plan } }) =>
    policy.allowed.products.includes(plan.product) && policy.per_symbol.has(plan.product)
      ? null
      : `${plan.product} is not allowed`,
  "allowed types": ({ policy, taken: { plan } }) => {
    const type = { ioc: "market_ioc", gtc: "limit_gtc", gtd: "twap_limit_gtd" } as const;
    return policy.allowed.order_types.includes(type[plan.timeInForce])
      ? null
      : `${plan.timeInForce} is not allowed`;
  },
  max_order_notional_usd: (of) => over(worthOf(of.taken), limits(of)?.max_order_notional_usd),
  max_slippage_bps: (of) => {
    const { plan } = of.taken;
    const cap = limits(of)?.max_slippage_bps ?? null;
    if (cap === null || plan.spend !== undefined) return null;
    const within = of.said.some(({ ask }) => pointsOf(plan.limit - ask, ask) <= cap + 0.001);
    return within ? null : `beyond ${cap} bps of every ask that it can have seen`;
  },
  spread_widening_bps: ({ policy, said }) => {
    const cap = policy.circuit_breakers.spread_widening_bps;
    if (cap === null) return null;
    const within = said.some(
      ({ bid, ask, sound }) => sound && pointsOf(ask - bid, (bid + ask) / 2n) <= cap + 0.01,
    );
    return within ? null : `spread above ${cap} bps in all that it can have seen`;
  },
  stale_price_seconds: ({ policy, said, taken: { plan } }) => {
    const cap = policy.circuit_breakers.stale_price_seconds ?? 30;
    const heard = Math.max(...said.map(({ at }) => at));
    return many(plan.plannedAt - heard, Math.min(cap, 30) * 1000);
  },
  min_depth_multiple: (of) => {
    const multiple = limits(of)?.min_depth_multiple ?? null;
    const { plan } = of.taken;
    if (multiple === null || plan.timeInForce !== "ioc") return null;
    const enough = of.said.some(({ depth }) => {
      const shown = depth?.asks.reduce((sum, { size }) => sum + size, 0n) ?? 0n;
      return Number(shown) >= multiple * Number(plan.size) * 0.999;
    });
    return enough ? null : "the book did not show enough";
  },
  event_lockouts: ({ policy, taken: { plan } }) => {
    const inside = policy.event_lockouts.find((one) => one.enabled && holds(one, plan.plannedAt));
    return inside ? `decided inside ${inside.name}` : null;
  },
  session_windows: ({ policy, taken: { plan } }) => {
    const enabled = (policy.session_windows ?? []).filter((one) => one.enabled);
    const inside = enabled.length === 0 || enabled.some((one) => holds(one, plan.plannedAt));
    return inside ? null : "decided outside every session";
  },
};

/** What all orders together may be, each at its worst. */
export const ACCOUNT_CHECKS: Readonly<Record<string, Check>> = {
  max_position_notional_usd: (of) => over(here(of), limits(of)?.max_position_notional_usd),
  max_position_units: (of) =>
    over(of.own.units.get(of.taken.plan.product) ?? 0n, limits(of)?.max_position_units),
  max_gross_notional_usd: ({ policy, stake }) =>
    over(stake.gross, policy.portfolio.max_gross_notional_usd),
  max_net_notional_usd: ({ policy, stake }) =>
    over(stake.gross, policy.portfolio.max_net_notional_usd),
  max_strategy_notional_usd: ({ policy, since }) =>
    first(since, ({ strategy, stake }) =>
      over(stake.byStrategy.get(strategy) ?? 0n, policy.portfolio.max_strategy_notional_usd),
    ),
  max_exposure_pct: ({ policy, stake }) =>
    shareOf(stake.gross, stake.equity, policy.portfolio.max_exposure_pct),
  max_leverage: ({ policy, since }) =>
    first(since, ({ product, stake: { gross, equity } }) => {
      const cap = policy.per_symbol.get(product)?.max_leverage ?? null;
      // A ratio of two floats is compared there.
      return cap === null ? null : shareOf(gross, equity, cap * 100 * 1.000001);
    }),
  max_order_equity_pct: (of) =>
    shareOf(worthOf(of.taken), of.equity, limits(of)?.max_order_equity_pct),
  max_position_equity_pct: (of) =>
    shareOf(here(of), of.own.equity, limits(of)?.max_position_equity_pct),
  cash: ({ stake }) => (stake.cashLeft < -DUST ? `${decimal(stake.cashLeft)} is left` : null),
  min_quote_reserve_usd: ({ policy, stake }) => {
    const floor = policy.portfolio.min_quote_reserve_usd ?? null;
    return floor === null || stake.cashLeft + DUST >= floor
      ? null
      : `${decimal(stake.cashLeft)} is left of ${decimal(floor)}`;
  },
  "max_open_orders of a product": (of) =>
    many(of.own.open.get(of.taken.plan.product) ?? 0, limits(of)?.max_open_orders),
  max_open_orders: ({ policy, stake }) =>
    many(
      [...stake.open.values()].reduce((sum, count) => sum + count, 0),
      policy.portfolio.max_open_orders,
    ),
  max_orders_per_minute: ({ policy, history, taken: { plan } }) =>
    many(history.mostWithin(plan, 60_000), policy.portfolio.max_orders_per_minute),
  max_orders_per_second: ({ policy, history, taken: { plan } }) =>
    many(history.mostWithin(plan, 1000), policy.portfolio.max_orders_per_second),
  max_orders_per_day: ({ policy, history, taken: { plan } }) =>
    many(history.onDay(plan), policy.portfolio.max_orders_per_day),
  max_turnover_per_day_usd: ({ policy, ledger, stake }) =>
    over(executed(ledger, stake.at) + stake.toCome, policy.portfolio.max_turnover_per_day_usd),
  max_cancels_per_minute: ({ policy, history, taken: { plan } }) => {
    const cap = policy.portfolio.max_cancels_per_minute ?? null;
    return cap === null ? null : many(history.cancelsBefore(plan.plannedAt, 59_900), cap);
  },
  cooldown_seconds: (of) => {
    const seconds = limits(of)?.cooldown_seconds ?? null;
    if (seconds === null || of.taken.plan.leg !== undefined) return null;
    const near = of.history.near(of.taken.plan, seconds * 1000);
    return near.some(({ side }) => side === "buy") ? `another within ${seconds} s` : null;
  },
  duplicate_window_seconds: (of) => {
    const seconds = limits(of)?.duplicate_window_seconds ?? null;
    if (seconds === null) return null;
    const { size, limit, side } = of.taken.plan;
    const twin = of.history
      .near(of.taken.plan, seconds * 1000)
      .some((one) => one.side === side && one.size === size && one.limit === limit);
    return twin ? `the same within ${seconds} s` : null;
  },
  "own orders do not meet": ({ ledger, taken: { plan } }) => {
    for (const one of ledger.unfinished) {
      const sells = one.progress === "open" && one.plan.side === "sell";
      if (!sells || one.plan.product !== plan.product) continue;
      if (one.plan.plannedAt < plan.plannedAt && plan.limit >= one.plan.limit) {
        return `meets a sale at ${decimal(one.plan.limit)}`;
      }
    }
    return null;
  },
  "unknown fate": ({ ledger, taken: { plan } }) => {
    for (const one of ledger.unfinished) {
      const since = one.doubtAt;
      if (one.plan.product !== plan.product || since === null || one.plan === plan) continue;
      const known = one.toldAt !== null && one.toldAt <= plan.plannedAt;
      if (since < plan.plannedAt && !known) return "one of this product was of unknown fate";
    }
    return null;
  },
  "foreign orders": ({ ledger, taken: { plan } }) =>
    ledger.foreign.some(
      ({ product, live, toldAt }) =>
        product === plan.product && live && toldAt !== null && toldAt < plan.plannedAt,
    )
      ? "somebody else trades it on the account"
      : null,
};

const here = ({ own, taken }: Case): bigint => own.byProduct.get(taken.plan.product) ?? 0n;

/** What is wrong with the first of them that something is wrong with. */
function first(all: readonly Since[], check: (one: Since) => string | null): string | null {
  for (const one of all) {
    const wrong = check(one);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** Executed since midnight, by fills that were told before a decision. */
function executed(ledger: Ledger, at: number): bigint {
  let worth = ledger.executedOn.get(dayOf(at)) ?? 0n;
  for (const one of ledger.unfinished) {
    for (const fill of one.fills) {
      const late = fill.toldAt === null || fill.toldAt >= at;
      if (late && dayOf(fill.at) === dayOf(at)) worth -= fill.value;
    }
  }
  return worth;
}

/** `[from, to)` by the calendar, on the days when it begins. */
function holds({ from, to, days }: Lockout, at: number): boolean {
  const date = new Date(at);
  const minute = date.getUTCHours() * 60 + date.getUTCMinutes();
  const today = days.includes(date.getUTCDay());
  const yesterday = days.includes(new Date(at - 86_400_000).getUTCDay());
  if (from < to) return today && minute >= from && minute < to;
  return (today && minute >= from) || (yesterday && minute < to);
}
