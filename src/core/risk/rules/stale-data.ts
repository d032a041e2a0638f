/** Keeps out every order on an old, one-sided or crossed price. Binds exits too: their limit would be measured from nothing. */
import { finding, rule } from "../rule.ts";

export const staleData = rule({
  name: "stale-data",
  binds: "all",
  needs: ["policy", "quote"],
  ages: ["quote"],
  check(_intent, { at, quote, policy }) {
    const seconds = policy.circuit_breakers.stale_price_seconds;
    const ageMs = at - quote.at;
    if (seconds !== null && ageMs > seconds * 1000) {
      return finding((ageMs / 1000).toFixed(1), String(seconds), "s");
    }
    if (quote.bid <= 0n || quote.bid >= quote.ask) {
      return finding("crossed", "bid below ask", "state");
    }
    return null;
  },
});
