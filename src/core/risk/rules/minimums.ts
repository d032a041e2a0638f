/** The venue's smallest and largest order, in base and in quote. */
import { decimal, notional } from "../../kernel/money.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const minimums: Rule = {
  name: "minimums",
  binds: "all",
  check(intent, { product }) {
    if (!product) return cannotSee("product");
    const worth = notional(intent.limit, intent.size);
    if (intent.size < product.minSize || intent.size > product.maxSize) {
      const limit = intent.size < product.minSize ? product.minSize : product.maxSize;
      return { observed: decimal(intent.size), limit: decimal(limit), unit: "base", missing: null };
    }
    if (worth < product.minNotional || worth > product.maxNotional) {
      const limit = worth < product.minNotional ? product.minNotional : product.maxNotional;
      return { observed: decimal(worth), limit: decimal(limit), unit: "usd", missing: null };
    }
    return null;
  },
};
