/** Keeps out entries that would bring the worth of all products together, with every live buy counted as filled, above its cap. */
import { decimal, plus } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { finding, rule, whereSet } from "../rule.ts";

export const grossNotional = rule({
  name: "gross-notional",
  binds: "entries",
  applies: whereSet(({ portfolio }) => portfolio.max_gross_notional_usd),
  needs: ["policy", "exposure"],
  check(intent, { policy, exposure }) {
    const limit = policy.portfolio.max_gross_notional_usd;
    const worth = plus(exposure.gross, orderWorth(intent));
    if (limit === null || worth <= limit) return null;
    return finding(decimal(worth), decimal(limit), "usd");
  },
});
