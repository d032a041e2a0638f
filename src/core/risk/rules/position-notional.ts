/** Keeps out entries that would put more at stake in one product, should they and every live buy of it fill, than its cap. */
import { decimal, NO_QUOTE, plus } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { finding, NO_LIMITS, rule, whereProductSets } from "../rule.ts";

export const positionNotional = rule({
  name: "position-notional",
  binds: "entries",
  applies: whereProductSets(({ max_position_notional_usd }) => max_position_notional_usd),
  needs: ["policy", "exposure"],
  check(intent, { policy, exposure }) {
    const limits = policy.per_symbol.get(intent.product);
    if (!limits) return NO_LIMITS;
    const limit = limits.max_position_notional_usd;
    const worth = plus(exposure.byProduct.get(intent.product) ?? NO_QUOTE, orderWorth(intent));
    if (limit === null || worth <= limit) return null;
    return finding(decimal(worth), decimal(limit), "usd");
  },
});
