/** Keeps out entries into a price that has run further within a minute than the policy allows. */
import { finding, rule, whereProductSets } from "../rule.ts";

export const volatility = rule({
  name: "volatility",
  binds: "entries",
  applies: whereProductSets(({ max_move_bps_per_minute }) => max_move_bps_per_minute),
  needs: ["policy", "moveBps"],
  check(intent, { policy, moveBps }) {
    const limits = policy.per_symbol.get(intent.product);
    const limit = limits?.max_move_bps_per_minute ?? null;
    if (limit === null || moveBps <= limit) return null;
    return finding(moveBps.toFixed(1), String(limit), "bps");
  },
});
