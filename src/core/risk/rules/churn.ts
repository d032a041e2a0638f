/** Keeps out entries while orders are taken back faster than the policy allows: the next would be taken back as well. */
import { finding, rule, whereSet } from "../rule.ts";

export const churn = rule({
  name: "churn",
  binds: "entries",
  applies: whereSet(({ portfolio }) => portfolio.max_cancels_per_minute),
  needs: ["policy", "cancelsLastMinute"],
  check(_intent, { policy, cancelsLastMinute }) {
    const limit = policy.portfolio.max_cancels_per_minute ?? null;
    if (limit === null || cancelsLastMinute < limit) return null;
    return finding(String(cancelsLastMinute), String(limit), "count");
  },
});
