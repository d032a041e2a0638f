/** An order that does not fit together: told once, counted at its worst, and entries of its product wait for a person. */
import type { OrderId } from "../kernel/ids.ts";
import { type Order, QUARANTINES, type Quarantine, type Terms } from "../order/state.ts";
import type { Turn } from "./turn.ts";

export const findOrder = ({ state }: Turn, id: OrderId): Order | undefined =>
  state.desk.orders.get(id) ?? state.desk.closed.get(id);

/** The same or a lesser reason is not told again, nor what a person has accepted. */
export function quarantine(
  turn: Turn,
  id: OrderId,
  why: Quarantine,
  detail: string,
  terms?: Terms,
): void {
  const order = findOrder(turn, id);
  if (!order || order.accepted?.includes(detail)) return;
  const before = order.quarantine === null ? -1 : QUARANTINES.indexOf(order.quarantine);
  if (QUARANTINES.indexOf(why) <= before) return;
  const { product } = order.plan;
  const stands = terms === undefined ? {} : { terms };
  turn.say({ kind: "order.quarantined", order: id, product, why, detail, ...stands });
}
