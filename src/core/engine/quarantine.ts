/** An order that does not fit together: told once, counted at its worst, and entries of its product wait for a person. */
import type { OrderId } from "../kernel/ids.ts";
import type { Order, Quarantine } from "../order/state.ts";
import type { Turn } from "./turn.ts";

export const findOrder = ({ state }: Turn, id: OrderId): Order | undefined =>
  state.desk.orders.get(id) ?? state.desk.closed.get(id);

/** The first reason stands; the same or another one is not told again. */
export function quarantine(turn: Turn, id: OrderId, why: Quarantine, detail: string): void {
  const order = findOrder(turn, id);
  if (!order || (order.quarantine !== null && order.quarantine !== "unknown")) return;
  turn.say({ kind: "order.quarantined", order: id, product: order.plan.product, why, detail });
}
