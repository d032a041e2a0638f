/** Keeps out orders below the venue's smallest or above its largest, in base and in quote. Binds exits too: the venue refuses them. */
import { decimal, type Size } from "../../kernel/money.ts";
import { orderWorth } from "../../order/state.ts";
import { finding, rule } from "../rule.ts";

export const minimums = rule({
  name: "minimums",
  binds: "all",
  needs: ["product"],
  check(intent, { product }) {
    // Each part of a TWAP is an order large enough for itself.
    const parts = BigInt(intent.slices?.buckets ?? 1);
    const part = (intent.size / parts) as Size;
    if (intent.spend === undefined) {
      if (part < product.minSize) return finding(decimal(part), decimal(product.minSize), "base");
      if (intent.size > product.maxSize)
        return finding(decimal(intent.size), decimal(product.maxSize), "base");
    }
    const worth = orderWorth(intent);
    if (worth > product.maxNotional)
      return finding(decimal(worth), decimal(product.maxNotional), "usd");
    if (worth / parts < product.minNotional)
      return finding(decimal(worth / parts), decimal(product.minNotional), "usd");
    return null;
  },
});
