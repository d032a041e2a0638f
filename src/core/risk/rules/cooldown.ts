/** Keeps out entries into a product so soon after the one before. */
import { finding, NO_LIMITS, rule, whereProductSets } from "../rule.ts";

export const cooldown = rule({
  name: "cooldown",
  binds: "entries",
  applies: whereProductSets(({ cooldown_seconds }) => cooldown_seconds),
  needs: ["policy"],
  check(intent, { at, policy, lastEntryAt }) {
    const limits = policy.per_symbol.get(intent.product);
    if (!limits) return NO_LIMITS;
    const seconds = limits.cooldown_seconds;
    if (seconds === null || lastEntryAt === null || at - lastEntryAt >= seconds * 1000) return null;
    return finding(((at - lastEntryAt) / 1000).toFixed(1), String(seconds), "s");
  },
});
