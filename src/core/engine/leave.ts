/** The last look at an order before it leaves: what was decided may have been overtaken while it was being recorded. */
import { tradingState } from "../control/trading.ts";
import { type Instant, instant } from "../kernel/time.ts";
import { isOver } from "../order/merge.ts";
import type { Plan } from "../order/state.ts";
import { unfitFor } from "./refit.ts";
import type { Settings, State } from "./state.ts";

/** Until when the create may be sent: how long the order may rest is another matter, and a TWAP leaves before it begins. */
export function sendUntil({ signalLifeMs }: Settings, plan: Plan): Instant {
  const start = plan.slices?.start ?? plan.validUntil;
  return instant(Math.min(plan.validUntil, plan.plannedAt + signalLifeMs, start));
}

/** Why the order must not leave any more, or null when it may. */
export function heldBack(state: State, plan: Plan, at: Instant): string | null {
  const { desk, sight, settings } = state;
  const order = desk.orders.get(plan.id);
  if (!order || isOver(order)) return "it is over already";
  if (sight.closing) return "the desk is stopping";
  if (at > sendUntil(settings, plan)) return "its moment had passed before it was recorded";
  if (order.cancelAskedAt !== null) return "it was taken back before it was recorded";
  const unfit = unfitFor(state, order, at);
  if (unfit !== null) return `it is no longer within ${unfit}`;
  const trading = tradingState(desk, plan);
  if (trading === "active" || plan.purpose === "flatten") return null;
  if (trading === "reducing" && plan.purpose !== "entry") return null;
  return `the desk is ${trading}`;
}
