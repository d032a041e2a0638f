/** Equity fell too far from its peak. Rests on marks, so it must last; resuming measures anew from where equity is. */
import { approximate, decimal } from "../../kernel/money.ts";
import type { Breaker } from "../breaker.ts";

export const drawdown: Breaker = {
  name: "drawdown",
  forgiven: true,
  read({ policy, drawdown: fallen }) {
    const limit = policy.portfolio.max_drawdown_usd;
    if (limit === null || fallen === null) return null;
    return {
      observed: decimal(fallen),
      limit: decimal(limit),
      unit: "usd",
      nearness: limit > 0n ? approximate(fallen) / approximate(limit) : 1,
      beyond: fallen >= limit && fallen > 0n,
      marked: true,
    };
  },
};
