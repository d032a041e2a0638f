/** What the paper venue holds for us: its orders and its balances. It knows nothing of prices or of who is told. */
import type { Balance } from "../../core/engine/input.ts";
import {
  baseOf,
  type OrderId,
  quoteOf,
  type VenueOrderId,
  venueOrderId,
} from "../../core/kernel/ids.ts";
import { minus, NO_QUOTE, NO_SIZE, plus, type Quote, type Size } from "../../core/kernel/money.ts";
import type { Executed, Observation, Order, Plan } from "../../core/order/state.ts";
import { added } from "./fill-model.ts";

export interface PaperOrder {
  readonly plan: Plan;
  readonly venueId: VenueOrderId;
  progress: Observation["progress"];
  executed: Executed;
}

export interface PaperLedger {
  readonly orders: ReadonlyMap<OrderId, PaperOrder>;
  open(plan: Plan): PaperOrder;
  execute(order: PaperOrder, by: Executed): void;
  balances(): readonly Balance[];
}

/** @param before what the journal knows: cash and coins, and orders not yet over */
export function createPaperLedger(before: {
  readonly balances: readonly Balance[];
  readonly orders: readonly Order[];
}): PaperLedger {
  const orders = new Map<OrderId, PaperOrder>(before.orders.flatMap(restored));
  const owned = new Map(
    before.balances.map(({ currency, available, hold }) => [currency, plus(available, hold)]),
  );
  /** Quote and base are both counts of 1e-18 of their currency. */
  const move = (currency: string, by: Size | Quote): void => {
    owned.set(currency, plus(owned.get(currency) ?? NO_SIZE, by as Size));
  };
  return {
    orders,
    open(plan) {
      const order: PaperOrder = {
        plan,
        venueId: venueOrderId(`paper-${plan.id}`),
        progress: "open",
        executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
      };
      orders.set(plan.id, order);
      return order;
    },
    execute(order, by) {
      if (by.size === 0n) return;
      order.executed = added(order.executed, by);
      const { product, side } = order.plan;
      const cost = plus(by.value, by.fees);
      move(quoteOf(product), side === "buy" ? minus(NO_QUOTE, cost) : minus(by.value, by.fees));
      move(baseOf(product), side === "buy" ? by.size : minus(NO_SIZE, by.size));
      if (order.executed.size === order.plan.size) order.progress = "filled";
    },
    balances: () =>
      [...owned].map(([currency, available]) => ({ currency, available, hold: NO_SIZE })),
  };
}

/** An answered order from before the start: resting ones rest on, immediate ones ended with the process that held them. */
function restored({ plan, venueId, executed }: Order): readonly (readonly [OrderId, PaperOrder])[] {
  if (!venueId) return [];
  const progress = plan.timeInForce === "gtc" ? "open" : "cancelled";
  return [[plan.id, { plan, venueId, progress, executed }]];
}
