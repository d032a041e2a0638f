/** What would be at stake in one product if this and every live buy of it filled. */
import { decimal, NO_QUOTE, plus } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const positionNotional: Rule = {
  name: "position-notional",
  binds: "entries",
  check(intent, { policy, exposure }) {
    const limits = policy?.per_symbol.get(intent.product);
    if (!limits) return cannotSee("limits of the product");
    if (!exposure) return cannotSee("exposure");
    const before = exposure.byProduct.get(intent.product) ?? NO_QUOTE;
    const worth = plus(before, orderWorth(intent));
    const limit = limits.max_position_notional_usd;
    if (limit === null || worth <= limit) return null;
    return { observed: decimal(worth), limit: decimal(limit), unit: "usd", missing: null };
  },
};
