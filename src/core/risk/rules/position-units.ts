/** How much base one product may come to, where the policy counts in units. */
import { decimal, plus } from "../../kernel/money.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const positionUnits: Rule = {
  name: "position-units",
  binds: "entries",
  check(intent, { policy, held, pendingBuys }) {
    const limits = policy?.per_symbol.get(intent.product);
    if (!limits) return cannotSee("limits of the product");
    const limit = limits.max_position_units;
    const units = plus(plus(held, pendingBuys), intent.size);
    if (limit === null || units <= limit) return null;
    return { observed: decimal(units), limit: decimal(limit), unit: "base", missing: null };
  },
};
