/** All products together, with every live buy counted as filled. */
import { decimal, plus } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const grossNotional: Rule = {
  name: "gross-notional",
  binds: "entries",
  check(intent, { policy, exposure }) {
    if (!policy) return cannotSee("policy");
    if (!exposure) return cannotSee("exposure");
    const worth = plus(exposure.gross, orderWorth(intent));
    const limit = policy.portfolio.max_gross_notional_usd;
    if (limit === null || worth <= limit) return null;
    return { observed: decimal(worth), limit: decimal(limit), unit: "usd", missing: null };
  },
};
