/** Is what stands at the venue under an order's name that order? An id that was used before is answered with what it named. */
import { decimal, type Quote } from "../kernel/money.ts";
import type { Observation, Order, Plan, Quarantine, Terms } from "../order/state.ts";
import { halt } from "./latch.ts";
import { quarantine } from "./quarantine.ts";
import type { Turn } from "./turn.ts";

type Said = Pick<Observation, "venueId" | "terms"> & { readonly live: boolean };

/** True when the venue has two orders under the one name: the worst there is. What the second may still execute is cancelled. */
export function isSecond(turn: Turn, order: Order, said: Said): boolean {
  if (order.venueId === null || order.venueId === said.venueId) return false;
  stop(turn, order, "two-orders", `${order.venueId} and ${said.venueId}`, said);
  return true;
}

/** True when it trades something else than was meant: nothing that it executes can be booked as this order's. */
export function isAnother(turn: Turn, order: Order, said: Said): boolean {
  const { plan } = order;
  const { terms } = said;
  const other = terms ? difference(plan, terms) : null;
  if (!terms || other === null) return false;
  stop(turn, order, "other-terms", other, said);
  return terms.product !== plan.product || terms.side !== plan.side;
}

function stop(turn: Turn, { plan }: Order, why: Quarantine, detail: string, said: Said): void {
  quarantine(turn, plan.id, why, detail);
  halt(
    turn,
    `${plan.product}: what the venue has as order ${plan.id.slice(-4)} is not what was sent`,
  );
  if (said.live) turn.ask({ kind: "cancel", orders: [{ id: plan.id, venueId: said.venueId }] });
}

/** In words, or null when all that is told agrees. */
function difference(plan: Plan, terms: Terms): string | null {
  const { product, side, size, limit, timeInForce, spend = null } = terms;
  if (product !== plan.product) return `${product} for ${plan.product}`;
  if (side !== plan.side) return `a ${side} for a ${plan.side}`;
  if (plan.spend !== undefined) return differenceInSum(plan.spend, terms);
  if (spend !== null) return `for a sum of ${decimal(spend)}`;
  if (size !== null && size !== plan.size) return `${decimal(size)} for ${decimal(plan.size)}`;
  if (limit !== null && limit !== plan.limit)
    return `at ${decimal(limit)} for ${decimal(plan.limit)}`;
  if (timeInForce !== null && timeInForce !== plan.timeInForce) {
    return `${timeInForce} for ${plan.timeInForce}`;
  }
  return null;
}

/** Of an order for a sum only the sum was sent: neither base nor a limit. */
function differenceInSum(sum: Quote, { size, limit, spend = null }: Terms): string | null {
  if (size !== null) return `${decimal(size)} in base for a sum of ${decimal(sum)}`;
  if (limit !== null) return `a limit of ${decimal(limit)} for none`;
  return spend === null || spend === sum ? null : `${decimal(spend)} to spend for ${decimal(sum)}`;
}
