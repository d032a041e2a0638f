/** Price and size are exact multiples of the product's steps; rounding happened before, in the safe direction. */
import { decimal, isMultiple } from "../../kernel/money.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const increments: Rule = {
  name: "increments",
  binds: "all",
  check(intent, { product }) {
    if (!product) return cannotSee("product");
    if (intent.limit <= 0n || !isMultiple(intent.limit, product.priceStep)) {
      return {
        observed: decimal(intent.limit),
        limit: decimal(product.priceStep),
        unit: "usd",
        missing: null,
      };
    }
    const { spend } = intent;
    if (spend !== undefined) {
      const step = product.quoteStep ?? null;
      if (spend > 0n && (step === null || isMultiple(spend, step))) return null;
      const limit = step === null ? "above 0" : decimal(step);
      return { observed: decimal(spend), limit, unit: "usd", missing: null };
    }
    if (intent.size <= 0n || !isMultiple(intent.size, product.sizeStep)) {
      return {
        observed: decimal(intent.size),
        limit: decimal(product.sizeStep),
        unit: "base",
        missing: null,
      };
    }
    return null;
  },
};
