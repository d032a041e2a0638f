/** Keeps out entries after so many refusals of the venue in a row. */
import { finding, rule, whereSet } from "../rule.ts";

export const rejectStreak = rule({
  name: "reject-streak",
  binds: "entries",
  applies: whereSet(({ circuit_breakers }) => circuit_breakers.consecutive_rejects),
  needs: ["policy", "rejectStreak"],
  check(_intent, { policy, rejectStreak }) {
    const limit = policy.circuit_breakers.consecutive_rejects ?? null;
    if (limit === null || rejectStreak < limit) return null;
    return finding(String(rejectStreak), String(limit), "count");
  },
});
