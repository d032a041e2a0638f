/** Keeps out entries once the UTC day, with what is held at its mark, has lost its sum or its share of the day's first equity. */
import { decimal, negate } from "../../kernel/money.ts";
import { reachedShare } from "../percent.ts";
import { finding, rule, whereSet } from "../rule.ts";

export const dayLoss = rule({
  name: "day-loss",
  binds: "entries",
  applies: whereSet(
    ({ portfolio }) => portfolio.max_daily_loss_usd ?? portfolio.max_daily_loss_pct,
  ),
  needs: ["policy", "dayNet", "dayOpening"],
  check(_intent, { policy, dayNet, dayOpening }) {
    if (dayNet >= 0n) return null;
    const limit = policy.portfolio.max_daily_loss_usd;
    if (limit !== null && dayNet <= negate(limit))
      return finding(decimal(dayNet), decimal(limit), "usd");
    return reachedShare(negate(dayNet), dayOpening, policy.portfolio.max_daily_loss_pct);
  },
});
