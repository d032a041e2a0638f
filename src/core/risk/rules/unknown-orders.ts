/** One order of unknown fate in a product, or one that does not fit together, keeps further entries out of it. */
import type { Rule } from "../rule.ts";

export const unknownOrders: Rule = {
  name: "unknown-orders",
  binds: "entries",
  check(_intent, { unknownHere }) {
    if (unknownHere === 0) return null;
    return { observed: String(unknownHere), limit: "0", unit: "count", missing: null };
  },
};
