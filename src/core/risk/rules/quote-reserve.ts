/** Keeps out entries that would leave, after their fee, less cash than is to be kept back. */
import { decimal, minus } from "../../kernel/money.ts";
import { finding, rule, whereSet } from "../rule.ts";
import { costOf } from "./funds.ts";

export const quoteReserve = rule({
  name: "quote-reserve",
  binds: "entries",
  applies: whereSet(({ portfolio }) => portfolio.min_quote_reserve_usd),
  needs: ["policy", "freeQuote", "takerRate"],
  check(intent, { policy, freeQuote, takerRate }) {
    const reserve = policy.portfolio.min_quote_reserve_usd ?? null;
    const left = minus(freeQuote, costOf(intent, takerRate));
    if (reserve === null || left >= reserve) return null;
    return finding(decimal(left), decimal(reserve), "usd");
  },
});
