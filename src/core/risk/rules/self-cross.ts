/** Keeps out entries that would trade with an own order of the other side. Exits take back what buys before they sell. */
import { decimal } from "../../kernel/money.ts";
import { finding, rule } from "../rule.ts";

export const selfCross = rule({
  name: "self-cross",
  binds: "entries",
  needs: ["own"],
  check(intent, { own }) {
    const buys = intent.side === "buy";
    for (const { plan } of own) {
      if (plan.side === intent.side) continue;
      const meets = buys ? intent.limit >= plan.limit : intent.limit <= plan.limit;
      // An order for a sum meets whatever price there is.
      if (!meets && intent.spend === undefined && plan.spend === undefined) continue;
      return finding(decimal(intent.limit), decimal(plan.limit), "usd");
    }
    return null;
  },
});
