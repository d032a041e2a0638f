/** Keeps out entries after so many losing trades in a row. */
import { finding, rule, whereSet } from "../rule.ts";

export const lossStreak = rule({
  name: "loss-streak",
  binds: "entries",
  applies: whereSet(({ circuit_breakers }) => circuit_breakers.consecutive_losses),
  needs: ["policy", "lossStreak"],
  check(_intent, { policy, lossStreak }) {
    const limit = policy.circuit_breakers.consecutive_losses ?? null;
    if (limit === null || lossStreak < limit) return null;
    return finding(String(lossStreak), String(limit), "count");
  },
});
