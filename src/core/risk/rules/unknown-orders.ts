/** Keeps out entries into a product with an order of unknown fate, or one that does not fit together. */
import { finding, rule } from "../rule.ts";

export const unknownOrders = rule({
  name: "unknown-orders",
  binds: "entries",
  needs: ["unknownHere"],
  check: (_intent, { unknownHere }) =>
    unknownHere === 0 ? null : finding(String(unknownHere), "0", "count"),
});
