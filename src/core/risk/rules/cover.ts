/**
 * Keeps out sales of more than is held and not promised to another sale, and buys that call themselves exits: those reduce
 * nothing, and would pass every cap. Binds exits: two of them must not sell the same coins.
 */
import { decimal, minus } from "../../kernel/money.ts";
import { finding, rule } from "../rule.ts";

export const cover = rule({
  name: "cover",
  binds: "all",
  applies: ({ side, purpose }) => side === "sell" || purpose !== "entry",
  needs: ["held", "pendingSales"],
  check(intent, { held, pendingSales }) {
    if (intent.side === "buy") return finding(`buy as ${intent.purpose}`, "a sale", "state");
    const free = minus(held, pendingSales);
    return intent.size <= free ? null : finding(decimal(intent.size), decimal(free), "base");
  },
});
