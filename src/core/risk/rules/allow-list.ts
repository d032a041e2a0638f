/** Only products and order types that the policy names, and only while the venue takes ordinary orders for them. */
import { TYPE_OF } from "../limits.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const allowList: Rule = {
  name: "allow-list",
  binds: "all",
  check(intent, { policy, product }) {
    if (!policy) return cannotSee("policy");
    if (!product) return cannotSee("product");
    const type = TYPE_OF[intent.timeInForce];
    const state = (observed: string, limit: string) =>
      ({ observed, limit, unit: "state", missing: null }) as const;
    if (product.closed !== null) return state(product.closed, "tradable");
    if (intent.purpose !== "entry") return null;
    if (!policy.allowed.products.includes(intent.product))
      return state(intent.product, "allowed products");
    if (!policy.per_symbol.has(intent.product))
      return state(intent.product, "products with limits");
    if (!policy.allowed.order_types.includes(type)) return state(type, "allowed order types");
    return null;
  },
};
