/** Keeps out single entries worth more, at their worst price, than one order may be. */
import { decimal } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { finding, NO_LIMITS, rule, whereProductSets } from "../rule.ts";

export const orderNotional = rule({
  name: "order-notional",
  binds: "entries",
  applies: whereProductSets(({ max_order_notional_usd }) => max_order_notional_usd),
  needs: ["policy"],
  check(intent, { policy }) {
    const limits = policy.per_symbol.get(intent.product);
    if (!limits) return NO_LIMITS;
    const limit = limits.max_order_notional_usd;
    const worth = orderWorth(intent);
    if (limit === null || worth <= limit) return null;
    return finding(decimal(worth), decimal(limit), "usd");
  },
});
