/** Keeps out products and order types that the policy does not name. Of exits, only those that the venue itself does not take. */
import { TYPE_OF } from "../limits.ts";
import { refusedIn } from "../region.ts";
import { finding, rule } from "../rule.ts";

export const allowList = rule({
  name: "allow-list",
  binds: "all",
  needs: ["policy", "product"],
  check(intent, { policy, product }) {
    const { allowed, per_symbol } = policy;
    if (product.closed !== null) return finding(product.closed, "tradable", "state");
    if (product.only === "post_only" && intent.postOnly !== true)
      return finding(product.only, "orders that rest", "state");
    if (product.only === "limit_only" && intent.spend !== undefined)
      return finding(product.only, "limit orders", "state");
    if (intent.purpose !== "entry") return null;
    if (!allowed.products.includes(intent.product))
      return finding(intent.product, "allowed products", "state");
    if (!per_symbol.has(intent.product))
      return finding(intent.product, "products with limits", "state");
    if (policy.region && refusedIn(policy.region, intent.product) !== null)
      return finding(intent.product, `products for region ${policy.region}`, "state");
    const type = TYPE_OF[intent.timeInForce];
    if (!allowed.order_types.includes(type)) return finding(type, "allowed order types", "state");
    return null;
  },
});
