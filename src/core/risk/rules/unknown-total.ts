/** Keeps out entries into any product once so many orders, of whatever product, are of unknown fate. */
import { finding, rule, whereSet } from "../rule.ts";

/** More than bad luck, where the policy does not say otherwise. */
const MOST = 3;

export const unknownTotal = rule({
  name: "unknown-total",
  binds: "entries",
  applies: whereSet(({ circuit_breakers: { unknown_orders: most = MOST } }) => most),
  needs: ["policy", "unknownTotal"],
  check(_intent, { policy, unknownTotal: total }) {
    const { unknown_orders: most = MOST } = policy.circuit_breakers;
    return most === null || total < most ? null : finding(String(total), String(most), "count");
  },
});
