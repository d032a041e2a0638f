/** Keeps out entries beyond the number of orders that may be planned within sixty seconds. Exits are counted, never refused. */
import { finding, rule, whereSet } from "../rule.ts";

export const ordersPerMinute = rule({
  name: "orders-per-minute",
  binds: "entries",
  applies: whereSet(({ portfolio }) => portfolio.max_orders_per_minute),
  needs: ["policy", "ordersLastMinute"],
  check(_intent, { policy, ordersLastMinute }) {
    const limit = policy.portfolio.max_orders_per_minute ?? null;
    if (limit === null || ordersLastMinute < limit) return null;
    return finding(String(ordersLastMinute + 1), String(limit), "count");
  },
});
