/** Equity fell too far from its peak. Rests on marks, so it must last; resuming measures anew from where equity is. */
import { type Breaker, lostAmount, lostShare } from "../breaker.ts";

export const drawdown: Breaker = {
  name: "drawdown",
  forgiven: true,
  consequence: "reduce",
  read({ policy: { portfolio }, drawdown: lost, peak }) {
    if (lost === null) return [];
    const loss = { lost, marked: true };
    return [
      ...lostAmount({ ...loss, of: "portfolio.max_drawdown_usd" }, portfolio.max_drawdown_usd),
      ...lostShare({ ...loss, of: "portfolio.max_drawdown_pct" }, peak, portfolio.max_drawdown_pct),
    ];
  },
};
