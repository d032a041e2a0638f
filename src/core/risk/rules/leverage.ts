/** Keeps out entries beyond a multiple of equity. Spot cannot borrow, but a cap below one keeps cash in hand. */
import { approximate, plus, ratio } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { cannotSee, finding, NO_LIMITS, rule, whereProductSets } from "../rule.ts";

export const leverage = rule({
  name: "leverage",
  binds: "entries",
  applies: whereProductSets(({ max_leverage }) => max_leverage),
  needs: ["policy", "exposure", "equity"],
  check(intent, { policy, exposure, equity }) {
    const limits = policy.per_symbol.get(intent.product);
    if (!limits) return NO_LIMITS;
    if (equity <= 0n) return cannotSee("equity");
    const times = approximate(ratio(plus(exposure.gross, orderWorth(intent)), equity));
    if (limits.max_leverage === null || times <= limits.max_leverage) return null;
    return finding(times.toFixed(2), String(limits.max_leverage), "times");
  },
});
