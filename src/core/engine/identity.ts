/** Is what stands at the venue under an order's name that order? An id that was used before is answered with what it named. */
import { decimal, type Quote } from "../kernel/money.ts";
import { isOver } from "../order/merge.ts";
import type { Observation, Order, Plan, Quarantine, Terms, Trade } from "../order/state.ts";
import { halt } from "./latch.ts";
import { quarantine } from "./quarantine.ts";
import type { Turn } from "./turn.ts";

type Said = Pick<Observation, "venueId" | "terms"> & { readonly live: boolean };

/**
 * True when the venue has two orders under the one name: the worst there is. Nothing of the second is merged into the first,
 * both are cancelled, and the venue's books are read: they have the trades of both.
 */
export function isSecond(turn: Turn, order: Order, said: Said): boolean {
  const { venueId: first, plan } = order;
  if (first === null || first === said.venueId) return false;
  stop(turn, order, "two-orders", `${first} and ${said.venueId}`, said);
  if (!isOver(order)) turn.ask({ kind: "cancel", orders: [{ id: plan.id, venueId: first }] });
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

/** A trade under the order's name, of another product or side than it has. */
export function isForeignTrade(turn: Turn, order: Order, trade: Trade): boolean {
  const { product, side, venueId } = trade;
  if (product === order.plan.product && side === order.plan.side) return false;
  const terms = { product, side, size: null, limit: null, timeInForce: null };
  return isAnother(turn, order, { venueId, terms, live: false });
}

function stop(
  turn: Turn,
  { plan, accepted }: Order,
  why: Quarantine,
  detail: string,
  said: Said,
): void {
  if (said.live) turn.ask({ kind: "cancel", orders: [{ id: plan.id, venueId: said.venueId }] });
  if (accepted?.includes(detail)) return;
  quarantine(turn, plan.id, why, detail, why === "other-terms" ? said.terms : undefined);
  halt(
    turn,
    `${plan.product}: what the venue has as order ${plan.id.slice(-4)} is not what was sent`,
  );
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
