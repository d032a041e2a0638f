/** Asking the venue to take orders back. A cancel is only ever asked for; the venue says when it happened. */
import { isWithin, type Requester, type Scope } from "../control/trading.ts";
import { isOver } from "../order/merge.ts";
import type { Order } from "../order/state.ts";
import type { Turn } from "./turn.ts";

/** What still wants to buy, within a scope. */
export function cancelEntries(
  turn: Turn,
  why: string,
  by: Requester | null,
  scope: Scope = "all",
): void {
  const orders = [...turn.state.desk.orders.values()];
  cancelOrders(
    turn,
    orders.filter(({ plan }) => plan.purpose === "entry" && isWithin(scope)(plan)),
    why,
    by,
  );
}

/**
 * Cancels what the venue knows by name; what it may not know is searched for and cancelled when found.
 * @param replace another order of the same decision may follow; without it none may, whatever was said before
 */
export function cancelOrders(
  turn: Turn,
  orders: readonly Order[],
  why: string,
  by: Requester | null,
  replace = false,
): number {
  const live = orders.filter((order) => !isOver(order));
  for (const order of live) {
    if (order.cancelAskedAt === null || order.replacing) {
      const mark = replace ? ({ replace: true } as const) : {};
      turn.say({ kind: "order.cancel-asked", order: order.plan.id, why, by, ...mark });
    }
  }
  const named = live.flatMap(({ plan, venueId }) => (venueId ? [{ id: plan.id, venueId }] : []));
  if (named.length > 0) turn.ask({ kind: "cancel", orders: named });
  return live.length;
}
