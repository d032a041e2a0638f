/** A rest between entries into one product. */
import { cannotSee, type Rule } from "../rule.ts";

export const cooldown: Rule = {
  name: "cooldown",
  binds: "entries",
  check(intent, { at, policy, lastEntryAt }) {
    const limits = policy?.per_symbol.get(intent.product);
    if (!limits) return cannotSee("limits of the product");
    const seconds = limits.cooldown_seconds;
    if (seconds === null || lastEntryAt === null || at - lastEntryAt >= seconds * 1000) return null;
    const since = ((at - lastEntryAt) / 1000).toFixed(1);
    return { observed: since, limit: String(seconds), unit: "s", missing: null };
  },
};
