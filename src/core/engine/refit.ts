/** Entries that wait or rest under caps that have become stricter, or in a window that has begun: they are judged once more. */
import type { Instant } from "../kernel/time.ts";
import { isOver } from "../order/merge.ts";
import type { Order } from "../order/state.ts";
import { gate } from "../risk/gate.ts";
import type { RuleName } from "../risk/veto.ts";
import { cancelOrders } from "./cancel.ts";
import { riskView } from "./risk-view.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";

/** Rules about what may stand at all. Others judge a moment, and that of this order has passed. */
const STANDING: ReadonlySet<RuleName> = new Set([
  "allow-list",
  "order-notional",
  "order-equity",
  "position-notional",
  "position-units",
  "position-equity",
  "gross-notional",
  "net-notional",
  "exposure-equity",
  "strategy-notional",
  "quote-reserve",
  "lockout",
  "session-window",
]);
const MINUTE_MS = 60_000;

/** Why the entry may not stand any more, or null. What cannot be seen just now says nothing against it. */
export function unfitFor(state: State, order: Order, at: Instant): string | null {
  const { plan } = order;
  if (plan.purpose !== "entry") return null;
  const rules = state.settings.rules.filter(({ name }) => STANDING.has(name));
  const intent = { ...plan, id: plan.intent, at: plan.plannedAt, because: "" };
  const decision = gate(intent, riskView(state, plan, at, order), rules);
  const found = decision.ok ? undefined : decision.vetoes.find(({ missing }) => missing === null);
  return found ? found.rule : null;
}

/** Looks again after each change of the policy, and each minute. */
export function refitEntries(turn: Turn): void {
  const { desk, sight } = turn.state;
  const now = `${desk.policyVersion} ${Math.floor(turn.at / MINUTE_MS)}`;
  if (sight.refitted === now) return;
  sight.refitted = now;
  for (const order of [...desk.orders.values()]) {
    if (isOver(order) || order.cancelAskedAt !== null) continue;
    const rule = unfitFor(turn.state, order, turn.at);
    if (rule !== null) cancelOrders(turn, [order], `no longer within ${rule}`, null);
  }
}
