/**
 * Keeps out orders whose worst price lies more than `max_slippage_bps` beyond the touch. Binds exits too: a sale at any price is how a
 * position is lost. For them the cap is never below the value that was approved in full, nor below 15. A market order for a sum is judged by the last level that the sum reaches, in a book heard just now.
 */
import { asBps, minus, type Price, type Quote, ratio } from "../../kernel/money.ts";
import { reachOf } from "../../market/depth.ts";
import { cannotSee, finding, NO_LIMITS, type RiskView, rule } from "../rule.ts";
import { slippageBps } from "../way-out.ts";

/** A book older than this is a memory. */
export const FRESH_MS = 5000;

function worstOf(sum: Quote, { depth, at }: RiskView): Price | null {
  return depth && at - depth.at <= FRESH_MS ? reachOf(depth.asks, sum) : null;
}

export const priceCollar = rule({
  name: "price-collar",
  binds: "all",
  needs: ["policy", "quote"],
  ages: ["depth"],
  check(intent, view) {
    const { quote, policy } = view;
    if (!policy.per_symbol.has(intent.product)) return NO_LIMITS;
    const cap = slippageBps(intent.purpose, intent.product, view);
    if (cap === null && intent.spend === undefined) return null;
    const touch = intent.side === "buy" ? quote.ask : quote.bid;
    if (touch <= 0n) return cannotSee("a price to measure from");
    const worst = intent.spend === undefined ? intent.limit : worstOf(intent.spend, view);
    if (worst === null) return cannotSee("enough of the book for the whole sum");
    if (cap === null) return null;
    const beyond = intent.side === "buy" ? minus(worst, touch) : minus(touch, worst);
    const points = asBps(ratio(beyond, touch));
    if (points <= cap) return null;
    return finding(points.toFixed(2), String(cap), "bps");
  },
});
