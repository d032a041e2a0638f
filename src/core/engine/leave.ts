/** The last look at an order before it leaves: what was decided may have been overtaken while it was being recorded. */
import { tradingState } from "../control/trading.ts";
import type { Instant } from "../kernel/time.ts";
import { isOver } from "../order/merge.ts";
import type { Plan } from "../order/state.ts";
import type { State } from "./state.ts";

/** Why the order must not leave any more, or null when it may. */
export function heldBack({ desk }: State, plan: Plan, at: Instant): string | null {
  const order = desk.orders.get(plan.id);
  if (!order || isOver(order)) return "it is over already";
  if (at > plan.validUntil) return "its moment had passed before it was recorded";
  if (order.cancelAskedAt !== null) return "it was taken back before it was recorded";
  const trading = tradingState(desk);
  if (trading === "active" || plan.purpose === "flatten") return null;
  if (trading === "reducing" && plan.purpose !== "entry") return null;
  return `the desk is ${trading}`;
}
