/**
 * Keeps out every order on an old, one-sided or crossed price. Binds exits too: their limit would be measured from nothing. For them
 * a `stale_price_seconds` below 10 counts as 10.
 */
import { finding, rule } from "../rule.ts";
import { staleSeconds } from "../way-out.ts";

export const staleData = rule({
  name: "stale-data",
  binds: "all",
  needs: ["policy", "quote"],
  ages: ["quote"],
  check({ purpose }, { at, quote, policy }) {
    const seconds = staleSeconds(purpose, policy);
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
