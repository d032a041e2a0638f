/** The signed sum over all products, with every live buy counted as filled. */
import { decimal, plus } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const netNotional: Rule = {
  name: "net-notional",
  binds: "entries",
  check(intent, { policy, exposure }) {
    if (!policy) return cannotSee("policy");
    if (!exposure) return cannotSee("exposure");
    const worth = plus(exposure.net, orderWorth(intent));
    const limit = policy.portfolio.max_net_notional_usd;
    if (limit === null || worth <= limit) return null;
    return { observed: decimal(worth), limit: decimal(limit), unit: "usd", missing: null };
  },
};
