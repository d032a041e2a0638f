/** Keeps out entries that would bring the signed sum over all products, with every live buy counted as filled, above its cap. */
import { decimal, plus } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { finding, rule, whereSet } from "../rule.ts";

export const netNotional = rule({
  name: "net-notional",
  binds: "entries",
  applies: whereSet(({ portfolio }) => portfolio.max_net_notional_usd),
  needs: ["policy", "exposure"],
  check(intent, { policy, exposure }) {
    const limit = policy.portfolio.max_net_notional_usd;
    const worth = plus(exposure.net, orderWorth(intent));
    if (limit === null || worth <= limit) return null;
    return finding(decimal(worth), decimal(limit), "usd");
  },
});
