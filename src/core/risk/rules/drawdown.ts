/** Keeps out entries while equity is below its peak by as much as the policy allows, as a sum or as a share of the peak. */
import { decimal } from "../../kernel/money.ts";
import { reachedShare } from "../percent.ts";
import { finding, rule, whereSet } from "../rule.ts";

export const drawdownDepth = rule({
  name: "drawdown",
  binds: "entries",
  applies: whereSet(({ portfolio }) => portfolio.max_drawdown_usd ?? portfolio.max_drawdown_pct),
  needs: ["policy", "drawdown", "peak"],
  check(_intent, { policy, drawdown, peak }) {
    if (drawdown <= 0n) return null;
    const limit = policy.portfolio.max_drawdown_usd;
    if (limit !== null && drawdown >= limit)
      return finding(decimal(drawdown), decimal(limit), "usd");
    return reachedShare(drawdown, peak, policy.portfolio.max_drawdown_pct);
  },
});
