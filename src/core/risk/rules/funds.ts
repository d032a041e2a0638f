/** Keeps out buys that free cash, less what the venue holds back for anything else, does not pay for, with the fee of a taker. */
import { decimal, plus, type Quote, type Rate, times } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import type { Intent } from "../../strategy/intent.ts";
import { finding, rule } from "../rule.ts";

/** The most that a buy takes out of cash. A sum to spend has the fee in it. */
export function costOf(intent: Intent, takerRate: Rate): Quote {
  const worth = orderWorth(intent);
  return intent.spend === undefined ? plus(worth, times(worth, takerRate)) : worth;
}

export const funds = rule({
  name: "funds",
  binds: "all",
  applies: ({ side }) => side === "buy",
  needs: ["freeQuote", "takerRate"],
  check(intent, { freeQuote, takerRate }) {
    const cost = costOf(intent, takerRate);
    return cost <= freeQuote ? null : finding(decimal(cost), decimal(freeQuote), "usd");
  },
});
