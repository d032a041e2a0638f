/** Keeps out entries beyond the number of orders that may be open, of their product and in all. */
import type { Intent } from "../../strategy/intent.ts";
import { finding, type RiskView, rule } from "../rule.ts";

function applies({ product }: Intent, { policy }: RiskView): boolean {
  if (!policy) return true;
  const all = policy.portfolio.max_open_orders ?? null;
  return all !== null || (policy.per_symbol.get(product)?.max_open_orders ?? null) !== null;
}

export const openOrders = rule({
  name: "open-orders",
  binds: "entries",
  applies,
  needs: ["policy", "own", "openOrders"],
  check(intent, { policy, own, openOrders: all }) {
    const ofAll = policy.portfolio.max_open_orders ?? null;
    if (ofAll !== null && all >= ofAll) return finding(String(all + 1), String(ofAll), "count");
    const ofProduct = policy.per_symbol.get(intent.product)?.max_open_orders ?? null;
    if (ofProduct === null || own.length < ofProduct) return null;
    return finding(String(own.length + 1), String(ofProduct), "count");
  },
});
