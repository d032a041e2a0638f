/** Somebody else trades the product on our account: what is there is not ours alone to judge, so nothing is added to it. */
import type { Rule } from "../rule.ts";

export const externalOrders: Rule = {
  name: "external-orders",
  binds: "entries",
  check(_intent, { externalHere }) {
    if (externalHere === 0) return null;
    return { observed: String(externalHere), limit: "0", unit: "count", missing: null };
  },
};
