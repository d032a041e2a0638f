/** The venue's smallest and largest order, in base and in quote. */
import { decimal, type Size } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const minimums: Rule = {
  name: "minimums",
  binds: "all",
  check(intent, { product }) {
    if (!product) return cannotSee("product");
    // Each part of a TWAP is an order large enough for itself.
    const parts = BigInt(intent.slices?.buckets ?? 1);
    const part = (intent.size / parts) as Size;
    if (intent.spend === undefined && (part < product.minSize || intent.size > product.maxSize)) {
      const [observed, limit] =
        part < product.minSize ? [part, product.minSize] : [intent.size, product.maxSize];
      return { observed: decimal(observed), limit: decimal(limit), unit: "base", missing: null };
    }
    const worth = orderWorth(intent);
    if (worth / parts < product.minNotional || worth > product.maxNotional) {
      const [observed, limit] =
        worth > product.maxNotional
          ? [worth, product.maxNotional]
          : [worth / parts, product.minNotional];
      return { observed: decimal(observed), limit: decimal(limit), unit: "usd", missing: null };
    }
    return null;
  },
};
