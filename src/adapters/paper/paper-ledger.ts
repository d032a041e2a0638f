/** What the paper venue holds for us: its orders and its balances. It knows nothing of prices or of who is told. */
import type { Balance } from "../../core/engine/input.ts";
import {
  baseOf,
  type OrderId,
  type ProductId,
  quoteOf,
  type VenueOrderId,
  venueOrderId,
} from "../../core/kernel/ids.ts";
import {
  minus,
  most,
  NO_QUOTE,
  NO_SIZE,
  plus,
  type Quote,
  quote,
  type Rate,
  type Size,
} from "../../core/kernel/money.ts";
import type { Instant } from "../../core/kernel/time.ts";
import { isFinal } from "../../core/order/merge.ts";
import type { Executed, Observation, Order, Plan, Trade } from "../../core/order/state.ts";
import { endsAtVenue } from "../../core/order/venue-end.ts";
import { buyHold } from "./admission.ts";
import { added } from "./fill-model.ts";
import { type Execution, tradeOf, tradesBefore } from "./paper-trades.ts";
import { dueBy } from "./parts-due.ts";

export interface PaperOrder {
  readonly plan: Plan;
  readonly venueId: VenueOrderId;
  readonly placedAt: Instant;
  /** Trades from before this moment were other people's. */
  readonly waitsFrom: Instant;
  /** Of an order in parts: what fell due while nobody was there. */
  readonly missed: Size;
  progress: Observation["progress"];
  executed: Executed;
  /** They add up to what is executed. */
  trades: readonly Trade[];
}

export interface PaperLedger {
  /** Begins with these balances; only the first time, and only where the journal knew of none. */
  fund(balances: readonly Balance[]): void;
  open(plan: Plan, at: Instant): PaperOrder;
  execute(order: PaperOrder, by: Execution, at: Instant): void;
  cancel(order: PaperOrder): void;
  expire(order: PaperOrder): void;
  /** Undefined also for an order that ended so long ago that it is forgotten. */
  find(id: OrderId): PaperOrder | undefined;
  /** Those that can still fill, of one product or of all. A copy: they may end while it is walked. */
  resting(product?: ProductId): readonly PaperOrder[];
  /** Those that can still fill, and those placed at `since` or later. */
  list(since: Instant): readonly PaperOrder[];
  /** Of all orders, the trades made at `since` or later. */
  trades(since: Instant): readonly Trade[];
  /** Open orders hold what they may still cost. */
  balances(takerRate: Rate): readonly Balance[];
}

/** How many finished orders are remembered: more than the engine remembers, so that none it asks for is missing. */
export const KEPT_FINISHED = 1000;

export interface Before {
  /** Head of the ids that the venue gives. */
  readonly label: string;
  /** What the journal knows is owned; null: not known until the venue is listed. */
  readonly balances: readonly Balance[] | null;
  /** Orders the journal knows, over or not. */
  readonly orders: readonly Order[];
  readonly startedAt: Instant;
}

export const leftOf = ({ plan, executed }: PaperOrder): Size => minus(plan.size, executed.size);

/** A cent, less than which nothing can be bought for. */
const CENT = quote("0.01");

/** All of it executed; of an order for a sum, the sum is spent. */
const isWhole = ({ plan, executed }: Pick<PaperOrder, "plan" | "executed">): boolean =>
  plan.spend === undefined
    ? executed.size === plan.size
    : plus(plus(executed.value, executed.fees), CENT) >= plan.spend;

export function createPaperLedger(before: Before): PaperLedger {
  const live = new Map<OrderId, PaperOrder>();
  /** Oldest end first. */
  const finished = new Map<OrderId, PaperOrder>();
  const owned = new Map<string, Size>();
  let isFunded = false;
  const fund = (balances: readonly Balance[]): void => {
    if (isFunded) return;
    isFunded = true;
    for (const { currency, available, hold } of balances) {
      owned.set(currency, plus(available, hold));
    }
  };
  if (before.balances !== null) fund(before.balances);
  for (const order of before.orders.flatMap((each) => restored(each, before.startedAt))) {
    (order.progress === "open" ? live : finished).set(order.plan.id, order);
  }
  /** Quote and base are both counts of 1e-18 of their currency. */
  const move = (currency: string, by: Size | Quote): void => {
    owned.set(currency, plus(owned.get(currency) ?? NO_SIZE, by as Size));
  };
  const finish = (order: PaperOrder, how: "filled" | "cancelled" | "expired"): void => {
    order.progress = how;
    live.delete(order.plan.id);
    finished.set(order.plan.id, order);
    for (const oldest of finished.keys()) {
      if (finished.size <= KEPT_FINISHED) return;
      finished.delete(oldest);
    }
  };
  return {
    fund,
    open(plan, at) {
      const order: PaperOrder = {
        plan,
        venueId: venueOrderId(`${before.label}-${plan.id}`),
        placedAt: at,
        waitsFrom: at,
        missed: NO_SIZE,
        progress: "open",
        executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
        trades: [],
      };
      live.set(plan.id, order);
      return order;
    },
    execute(order, by, at) {
      if (by.size === 0n) return;
      order.trades = [...order.trades, tradeOf(order, by, at)];
      order.executed = added(order.executed, by);
      const { product, side } = order.plan;
      const cost = plus(by.value, by.fees);
      move(quoteOf(product), side === "buy" ? minus(NO_QUOTE, cost) : minus(by.value, by.fees));
      move(baseOf(product), side === "buy" ? by.size : minus(NO_SIZE, by.size));
      if (isWhole(order)) finish(order, "filled");
    },
    cancel: (order) => finish(order, "cancelled"),
    expire: (order) => finish(order, "expired"),
    find: (id) => live.get(id) ?? finished.get(id),
    resting: (product) =>
      [...live.values()].filter(({ plan }) => product === undefined || plan.product === product),
    list: (since) => [
      ...[...finished.values()].filter(({ placedAt }) => placedAt >= since),
      ...live.values(),
    ],
    trades: (since) =>
      [...finished.values(), ...live.values()].flatMap(({ trades }) =>
        trades.filter(({ at }) => at >= since),
      ),
    balances: (takerRate) => {
      const held = holds(live.values(), takerRate);
      return [...owned].map(([currency, all]) => {
        const hold = held.get(currency) ?? NO_SIZE;
        return { currency, available: minus(all, hold), hold };
      });
    },
  };
}

function holds(orders: Iterable<PaperOrder>, takerRate: Rate): ReadonlyMap<string, Size> {
  const held = new Map<string, Size>();
  for (const order of orders) {
    const { product, side, limit } = order.plan;
    const left = leftOf(order);
    const currency = side === "buy" ? quoteOf(product) : baseOf(product);
    const by = side === "buy" ? (buyHold(limit, left, takerRate) as bigint as Size) : left;
    held.set(currency, plus(held.get(currency) ?? NO_SIZE, by));
  }
  return held;
}

/**
 * An answered order from before the start: resting ones rest on unless their time is over, immediate ones ended with the
 * process that held them. What was traded while the desk was away filled nobody: a feed repeats old trades when it begins.
 */
function restored(order: Order, startedAt: Instant): readonly PaperOrder[] {
  const { plan, venueId, executed } = order;
  if (!venueId) return [];
  const due = plan.slices === undefined ? NO_SIZE : dueBy(plan.slices, plan.size, startedAt);
  return [
    {
      ...{ plan, venueId, executed, trades: tradesBefore(order, venueId) },
      ...{ placedAt: plan.plannedAt, waitsFrom: startedAt },
      missed: most(NO_SIZE, minus(due, executed.size)),
      progress: progressAt(order, startedAt),
    },
  ];
}

function progressAt(order: Order, startedAt: Instant): PaperOrder["progress"] {
  const { plan, progress } = order;
  if (isWhole(order)) return "filled";
  if (isFinal(progress)) return progress === "expired" ? "expired" : "cancelled";
  if (plan.timeInForce === "ioc") return "cancelled";
  const end = endsAtVenue(plan);
  return end !== null && startedAt >= end ? "expired" : "open";
}
