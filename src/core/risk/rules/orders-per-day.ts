/** Keeps out entries beyond the number of orders of a UTC day. Exits are counted, never refused. */
import { finding, rule, whereSet } from "../rule.ts";

export const ordersPerDay = rule({
  name: "orders-per-day",
  binds: "entries",
  applies: whereSet(({ portfolio }) => portfolio.max_orders_per_day),
  needs: ["policy", "ordersToday"],
  check(_intent, { policy, ordersToday }) {
    const limit = policy.portfolio.max_orders_per_day ?? null;
    if (limit === null || ordersToday < limit) return null;
    return finding(String(ordersToday + 1), String(limit), "count");
  },
});
