/** Keeps out entries into a product that somebody else trades on our account: what is there is not ours alone to judge. */
import { finding, rule } from "../rule.ts";

export const externalOrders = rule({
  name: "external-orders",
  binds: "entries",
  needs: ["externalHere"],
  check: (_intent, { externalHere }) =>
    externalHere === 0 ? null : finding(String(externalHere), "0", "count"),
});
