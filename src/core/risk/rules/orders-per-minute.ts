/** How many orders were planned in the last sixty seconds. Exits are counted but never refused. */
import { cannotSee, type Rule } from "../rule.ts";

export const ordersPerMinute: Rule = {
  name: "orders-per-minute",
  binds: "entries",
  check(_intent, { policy, ordersLastMinute }) {
    if (!policy) return cannotSee("policy");
    const limit = policy.portfolio.max_orders_per_minute;
    if (limit === null || ordersLastMinute < limit) return null;
    return {
      observed: String(ordersLastMinute + 1),
      limit: String(limit),
      unit: "count",
      missing: null,
    };
  },
};
