/** No order on an old, one-sided or crossed price. */
import { cannotSee, type Rule } from "../rule.ts";

export const staleData: Rule = {
  name: "stale-data",
  binds: "all",
  check(_intent, { at, quote, policy }) {
    if (!quote) return cannotSee("quote");
    if (!policy) return cannotSee("policy");
    const seconds = policy.circuit_breakers.stale_price_seconds;
    const ageMs = at - quote.at;
    if (seconds !== null && ageMs > seconds * 1000) {
      return {
        observed: (ageMs / 1000).toFixed(1),
        limit: String(seconds),
        unit: "s",
        missing: null,
      };
    }
    if (quote.bid <= 0n || quote.bid >= quote.ask) {
      return { observed: "crossed", limit: "bid below ask", unit: "state", missing: null };
    }
    return null;
  },
};
