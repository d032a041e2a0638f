/** No entry into a market whose bid and ask have drifted apart. */
import { asBps } from "../../kernel/money.ts";
import { spread } from "../../market/view.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const spreadWidth: Rule = {
  name: "spread",
  binds: "entries",
  check(_intent, { quote, policy }) {
    if (!quote || quote.bid <= 0n) return cannotSee("quote");
    if (!policy) return cannotSee("policy");
    const limit = policy.circuit_breakers.spread_widening_bps;
    const points = asBps(spread(quote));
    if (limit === null || points <= limit) return null;
    return { observed: points.toFixed(1), limit: String(limit), unit: "bps", missing: null };
  },
};
