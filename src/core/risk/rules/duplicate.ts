/**
 * Keeps out an order that was decided before, and, within `duplicate_window_seconds`, another just like the last one. The orders of
 * one decision differ by their leg, and are not each other's duplicates.
 */
import { finding, rule } from "../rule.ts";

export const duplicate = rule({
  name: "duplicate",
  binds: "entries",
  needs: ["policy", "lately"],
  check(intent, { at, policy, lately }) {
    const windowMs = (policy.per_symbol.get(intent.product)?.duplicate_window_seconds ?? 0) * 1000;
    for (const plan of lately) {
      if (plan.intent === intent.id) {
        if ((plan.leg ?? 1) === (intent.leg ?? 1))
          return finding("decided before", "a new decision", "state");
        continue;
      }
      const ageMs = at - plan.plannedAt;
      if (ageMs >= windowMs || plan.product !== intent.product || plan.side !== intent.side)
        continue;
      const isSame = plan.limit === intent.limit && plan.size === intent.size;
      if (isSame && plan.strategy === intent.strategy)
        return finding((ageMs / 1000).toFixed(1), String(windowMs / 1000), "s");
    }
    return null;
  },
});
