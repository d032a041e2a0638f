/** The worst price of an order lies at most `max_slippage_bps` beyond the touch it is meant for. */
import { asBps, minus, ratio } from "../../kernel/money.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const priceCollar: Rule = {
  name: "price-collar",
  binds: "all",
  check(intent, { quote, policy }) {
    if (!quote) return cannotSee("quote");
    const limits = policy?.per_symbol.get(intent.product);
    if (!limits) return cannotSee("limits of the product");
    if (limits.max_slippage_bps === null) return null;
    const touch = intent.side === "buy" ? quote.ask : quote.bid;
    if (touch <= 0n) return cannotSee("a price to measure from");
    const beyond = intent.side === "buy" ? minus(intent.limit, touch) : minus(touch, intent.limit);
    const points = asBps(ratio(beyond, touch));
    if (points <= limits.max_slippage_bps) return null;
    return {
      observed: points.toFixed(2),
      limit: String(limits.max_slippage_bps),
      unit: "bps",
      missing: null,
    };
  },
};
