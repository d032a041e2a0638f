/** Keeps out entries that would bring what one strategy holds and is buying above its budget. */
import { decimal, NO_QUOTE, plus } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { finding, rule, whereSet } from "../rule.ts";

export const strategyNotional = rule({
  name: "strategy-notional",
  binds: "entries",
  applies: whereSet(({ portfolio }) => portfolio.max_strategy_notional_usd),
  needs: ["policy", "byStrategy"],
  check(intent, { policy, byStrategy }) {
    const limit = policy.portfolio.max_strategy_notional_usd ?? null;
    const worth = plus(byStrategy.get(intent.strategy) ?? NO_QUOTE, orderWorth(intent));
    if (limit === null || worth <= limit) return null;
    return finding(decimal(worth), decimal(limit), "usd");
  },
});
