/** Keeps out entries for a minute after the venue has refused the product several times in a row with the same word. */
import { finding, rule, whereSet } from "../rule.ts";

/** Then one may try again. */
const REST_MS = 60_000;

export const sameRefusal = rule({
  name: "same-refusal",
  binds: "entries",
  applies: whereSet(({ circuit_breakers }) => circuit_breakers.identical_rejects),
  needs: ["policy"],
  check(_intent, { at, policy, sameRefusals }) {
    const limit = policy.circuit_breakers.identical_rejects ?? null;
    if (limit === null || sameRefusals === null || sameRefusals.count < limit) return null;
    if (at - sameRefusals.at >= REST_MS) return null;
    return finding(String(sameRefusals.count), String(limit), "count");
  },
});
