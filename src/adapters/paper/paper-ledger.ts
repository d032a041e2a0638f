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
import { minus, NO_QUOTE, NO_SIZE, plus, type Quote, type Size } from "../../core/kernel/money.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Executed, Observation, Order, Plan } from "../../core/order/state.ts";
import { added } from "./fill-model.ts";

export interface PaperOrder {
  readonly plan: Plan;
  readonly venueId: VenueOrderId;
  readonly placedAt: Instant;
  progress: Observation["progress"];
  executed: Executed;
}

export interface PaperLedger {
  open(plan: Plan, at: Instant): PaperOrder;
  execute(order: PaperOrder, by: Executed): void;
  cancel(order: PaperOrder): void;
  /** Undefined also for an order that ended so long ago that it is forgotten. */
  find(id: OrderId): PaperOrder | undefined;
  /** Those that can still fill, of one product or of all. A copy: they may end while it is walked. */
  resting(product?: ProductId): readonly PaperOrder[];
  /** Those that can still fill, and those placed at `since` or later. */
  list(since: Instant): readonly PaperOrder[];
  balances(): readonly Balance[];
}

/** How many finished orders are remembered: more than the engine remembers, so that none it asks for is missing. */
export const KEPT_FINISHED = 1000;

/** @param before what the journal knows: cash and coins, and orders not yet over */
export function createPaperLedger(before: {
  readonly balances: readonly Balance[];
  readonly orders: readonly Order[];
}): PaperLedger {
  const live = new Map<OrderId, PaperOrder>();
  /** Oldest end first. */
  const finished = new Map<OrderId, PaperOrder>();
  const owned = new Map(
    before.balances.map(({ currency, available, hold }) => [currency, plus(available, hold)]),
  );
  for (const order of before.orders.flatMap(restored)) {
    (order.progress === "open" ? live : finished).set(order.plan.id, order);
  }
  /** Quote and base are both counts of 1e-18 of their currency. */
  const move = (currency: string, by: Size | Quote): void => {
    owned.set(currency, plus(owned.get(currency) ?? NO_SIZE, by as Size));
  };
  const finish = (order: PaperOrder, how: "filled" | "cancelled"): void => {
    order.progress = how;
    live.delete(order.plan.id);
    finished.set(order.plan.id, order);
    for (const oldest of finished.keys()) {
      if (finished.size <= KEPT_FINISHED) return;
      finished.delete(oldest);
    }
  };
  return {
    open(plan, at) {
      const order: PaperOrder = {
        plan,
        venueId: venueOrderId(`paper-${plan.id}`),
        placedAt: at,
        progress: "open",
        executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
      };
      live.set(plan.id, order);
      return order;
    },
    execute(order, by) {
      if (by.size === 0n) return;
      order.executed = added(order.executed, by);
      const { product, side } = order.plan;
      const cost = plus(by.value, by.fees);
      move(quoteOf(product), side === "buy" ? minus(NO_QUOTE, cost) : minus(by.value, by.fees));
      move(baseOf(product), side === "buy" ? by.size : minus(NO_SIZE, by.size));
      if (order.executed.size === order.plan.size) finish(order, "filled");
    },
    cancel: (order) => finish(order, "cancelled"),
    find: (id) => live.get(id) ?? finished.get(id),
    resting: (product) =>
      [...live.values()].filter(({ plan }) => product === undefined || plan.product === product),
    list: (since) => [
      ...[...finished.values()].filter(({ placedAt }) => placedAt >= since),
      ...live.values(),
    ],
    balances: () =>
      [...owned].map(([currency, available]) => ({ currency, available, hold: NO_SIZE })),
  };
}

/** An answered order from before the start: resting ones rest on, immediate ones ended with the process that held them. */
function restored({ plan, venueId, executed }: Order): readonly PaperOrder[] {
  if (!venueId) return [];
  const progress = plan.timeInForce === "gtc" ? "open" : "cancelled";
  return [{ plan, venueId, placedAt: plan.plannedAt, progress, executed }];
}
