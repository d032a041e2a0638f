/** Keeps out entries while calls to the venue fail: an order whose answer is lost is one of unknown fate. */
import { finding, rule, whereSet } from "../rule.ts";

export const errorRate = rule({
  name: "error-rate",
  binds: "entries",
  applies: whereSet(({ circuit_breakers }) => circuit_breakers.errors_per_5_minutes),
  needs: ["policy", "errorsLately"],
  check(_intent, { policy, errorsLately }) {
    const limit = policy.circuit_breakers.errors_per_5_minutes ?? null;
    if (limit === null || errorsLately < limit) return null;
    return finding(String(errorsLately), String(limit), "count");
  },
});
