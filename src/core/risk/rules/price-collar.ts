/**
 * The worst price of an order lies at most `max_slippage_bps` beyond the touch it is meant for. A market order for a sum has
 * no limit of its own: its worst price is that of the last level which the sum reaches, in a book that was heard just now.
 */
import { asBps, minus, type Price, type Quote, ratio } from "../../kernel/money.ts";
import { reachOf } from "../../market/depth.ts";
import { cannotSee, type RiskView, type Rule } from "../rule.ts";

/** A book older than this is a memory. */
const FRESH_MS = 5000;

function worstOf(sum: Quote, { depth, at }: RiskView): Price | null {
  return depth && at - depth.at <= FRESH_MS ? reachOf(depth.asks, sum) : null;
}

export const priceCollar: Rule = {
  name: "price-collar",
  binds: "all",
  check(intent, view) {
    const { quote, policy } = view;
    if (!quote) return cannotSee("quote");
    const limits = policy?.per_symbol.get(intent.product);
    if (!limits) return cannotSee("limits of the product");
    if (limits.max_slippage_bps === null && intent.spend === undefined) return null;
    const touch = intent.side === "buy" ? quote.ask : quote.bid;
    if (touch <= 0n) return cannotSee("a price to measure from");
    const worst = intent.spend === undefined ? intent.limit : worstOf(intent.spend, view);
    if (worst === null) return cannotSee("enough of the book for the whole sum");
    if (limits.max_slippage_bps === null) return null;
    const beyond = intent.side === "buy" ? minus(worst, touch) : minus(touch, worst);
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
