/** Keeps out entries into a market whose bid and ask have drifted apart. */
import { asBps } from "../../kernel/money.ts";
import { spread } from "../../market/view.ts";
import { cannotSee, finding, rule, whereSet } from "../rule.ts";

export const spreadWidth = rule({
  name: "spread",
  binds: "entries",
  applies: whereSet(({ circuit_breakers }) => circuit_breakers.spread_widening_bps),
  needs: ["policy", "quote"],
  check(_intent, { quote, policy }) {
    if (quote.bid <= 0n) return cannotSee("quote");
    const limit = policy.circuit_breakers.spread_widening_bps;
    const points = asBps(spread(quote));
    if (limit === null || points <= limit) return null;
    return finding(points.toFixed(1), String(limit), "bps");
  },
});
