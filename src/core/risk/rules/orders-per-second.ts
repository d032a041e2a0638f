/** Keeps out entries beyond the number of orders that may be planned within a second. Exits are counted, never refused. */
import { finding, rule, whereSet } from "../rule.ts";

export const ordersPerSecond = rule({
  name: "orders-per-second",
  binds: "entries",
  applies: whereSet(({ portfolio }) => portfolio.max_orders_per_second),
  needs: ["policy", "ordersLastSecond"],
  check(_intent, { policy, ordersLastSecond }) {
    const limit = policy.portfolio.max_orders_per_second ?? null;
    if (limit === null || ordersLastSecond < limit) return null;
    return finding(String(ordersLastSecond + 1), String(limit), "count");
  },
});
