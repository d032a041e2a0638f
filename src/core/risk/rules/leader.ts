/** Keeps out the orders of a desk that does not hold the lease. Binds exits too: two desks would sell the same coins twice. */
import { finding, rule } from "../rule.ts";

export const leader = rule({
  name: "leader",
  binds: "all",
  needs: ["leading"],
  check: (_intent, { leading }) =>
    leading ? null : finding("unsure of the lease", "its holder", "state"),
});
