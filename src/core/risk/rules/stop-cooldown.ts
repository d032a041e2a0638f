/** Keeps out entries into a product so soon after a stop sold it: what fell through a stop tends to go on falling. */
import { finding, rule, whereProductSets } from "../rule.ts";

export const stopCooldown = rule({
  name: "stop-cooldown",
  binds: "entries",
  applies: whereProductSets(({ cooldown_after_stop_seconds }) => cooldown_after_stop_seconds),
  needs: ["policy"],
  check(intent, { at, policy, lastStopAt }) {
    const limits = policy.per_symbol.get(intent.product);
    const seconds = limits?.cooldown_after_stop_seconds ?? null;
    if (seconds === null || lastStopAt === null || at - lastStopAt >= seconds * 1000) return null;
    return finding(((at - lastStopAt) / 1000).toFixed(1), String(seconds), "s");
  },
});
