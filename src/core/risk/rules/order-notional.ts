/** The worth of one entry at its worst price. */
import { decimal } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const orderNotional: Rule = {
  name: "order-notional",
  binds: "entries",
  check(intent, { policy }) {
    const limits = policy?.per_symbol.get(intent.product);
    if (!limits) return cannotSee("limits of the product");
    const worth = orderWorth(intent);
    const limit = limits.max_order_notional_usd;
    if (limit === null || worth <= limit) return null;
    return { observed: decimal(worth), limit: decimal(limit), unit: "usd", missing: null };
  },
};
