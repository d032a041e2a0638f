/** A buy is paid for with its fee; a sale is covered by what is held and not promised to another sale. */
import { decimal, minus, plus, times } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const funds: Rule = {
  name: "funds",
  binds: "all",
  check(intent, { held, pendingSales, freeQuote, takerRate }) {
    if (intent.side === "sell") {
      const free = minus(held, pendingSales);
      if (intent.size <= free) return null;
      return { observed: decimal(intent.size), limit: decimal(free), unit: "base", missing: null };
    }
    if (freeQuote === null) return cannotSee("balances");
    if (takerRate === null) return cannotSee("fee rate");
    const worth = orderWorth(intent);
    // A sum to spend has the fee in it.
    const cost = intent.spend === undefined ? plus(worth, times(worth, takerRate)) : worth;
    if (cost <= freeQuote) return null;
    return { observed: decimal(cost), limit: decimal(freeQuote), unit: "usd", missing: null };
  },
};
