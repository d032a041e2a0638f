/** The day lost its limit: at once when fills alone did it, after lasting when marks were needed. */
import { absolute, approximate, decimal, least, NO_QUOTE, negate } from "../../kernel/money.ts";
import type { Breaker } from "../breaker.ts";

export const dailyLoss: Breaker = {
  name: "daily-loss",
  forgiven: false,
  read({ policy, dayClosed, dayNet }) {
    const limit = policy.portfolio.max_daily_loss_usd;
    if (limit === null) return null;
    const loss = least(dayNet, dayClosed);
    const floor = negate(limit);
    return {
      observed: decimal(loss),
      limit: decimal(limit),
      unit: "usd",
      nearness:
        loss >= 0n
          ? 0
          : approximate(absolute(loss)) / approximate(limit > 0n ? limit : absolute(loss)),
      beyond: loss <= floor && loss < NO_QUOTE,
      marked: dayClosed > floor,
    };
  },
};
