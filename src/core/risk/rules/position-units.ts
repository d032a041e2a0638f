/** Keeps out entries that would bring one product, with every live buy of it, to more base than its cap in units. */
import { decimal, plus } from "../../kernel/money.ts";
import { finding, NO_LIMITS, rule, whereProductSets } from "../rule.ts";

export const positionUnits = rule({
  name: "position-units",
  binds: "entries",
  applies: whereProductSets(({ max_position_units }) => max_position_units),
  needs: ["policy", "held", "pendingBuys"],
  check(intent, { policy, held, pendingBuys }) {
    const limits = policy.per_symbol.get(intent.product);
    if (!limits) return NO_LIMITS;
    const limit = limits.max_position_units;
    const units = plus(plus(held, pendingBuys), intent.size);
    if (limit === null || units <= limit) return null;
    return finding(decimal(units), decimal(limit), "base");
  },
});
