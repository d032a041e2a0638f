/** Keeps out entries that would bring what was traded since UTC midnight, with every live buy, above the day's turnover. */
import { decimal, plus } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { finding, rule, whereSet } from "../rule.ts";

export const turnover = rule({
  name: "turnover",
  binds: "entries",
  applies: whereSet(({ portfolio }) => portfolio.max_turnover_per_day_usd),
  needs: ["policy", "turnoverToday", "liveCost"],
  check(intent, { policy, turnoverToday, liveCost }) {
    const limit = policy.portfolio.max_turnover_per_day_usd ?? null;
    const worth = plus(plus(turnoverToday, liveCost), orderWorth(intent));
    if (limit === null || worth <= limit) return null;
    return finding(decimal(worth), decimal(limit), "usd");
  },
});
