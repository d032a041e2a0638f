/** Keeps out entries whose take-profit is too near to pay for both fees of a taker and the spread so many times over. */
import { asBps } from "../../kernel/money.ts";
import { spread } from "../../market/view.ts";
import { cannotSee, finding, NO_LIMITS, rule, whereProductSets } from "../rule.ts";

export const edge = rule({
  name: "edge",
  binds: "entries",
  applies: whereProductSets(({ min_edge_multiple }) => min_edge_multiple),
  needs: ["policy", "takerRate", "quote"],
  check(intent, { policy, takerRate, quote }) {
    const limits = policy.per_symbol.get(intent.product);
    if (!limits) return NO_LIMITS;
    if (quote.bid <= 0n) return cannotSee("quote");
    if (intent.takeBps === null) return cannotSee("a take-profit to reckon with");
    const needed = (limits.min_edge_multiple ?? 0) * (2 * asBps(takerRate) + asBps(spread(quote)));
    if (intent.takeBps >= needed) return null;
    return finding(intent.takeBps.toFixed(2), needed.toFixed(2), "bps");
  },
});
