/** Keeps out prices and sizes that are no exact multiples of the product's steps. Binds exits too: the venue refuses them. */
import { decimal, isMultiple } from "../../kernel/money.ts";
import { finding, rule } from "../rule.ts";

export const increments = rule({
  name: "increments",
  binds: "all",
  needs: ["product"],
  check(intent, { product }) {
    if (intent.limit <= 0n || !isMultiple(intent.limit, product.priceStep)) {
      return finding(decimal(intent.limit), decimal(product.priceStep), "usd");
    }
    const { spend } = intent;
    if (spend !== undefined) {
      const step = product.quoteStep ?? null;
      if (spend > 0n && (step === null || isMultiple(spend, step))) return null;
      return finding(decimal(spend), step === null ? "above 0" : decimal(step), "usd");
    }
    if (intent.size <= 0n || !isMultiple(intent.size, product.sizeStep)) {
      return finding(decimal(intent.size), decimal(product.sizeStep), "base");
    }
    return null;
  },
});
