/**
 * The day, or the last 24 hours, lost too much: at once when fills alone did it, after lasting when marks were needed.
 * In percent the day is measured by the equity that it began with.
 */
import { least, most, NO_QUOTE, negate, type Quote } from "../../kernel/money.ts";
import { type Breaker, lostAmount, lostShare, type Reading } from "../breaker.ts";

/** The one cap of it that midnight does not clear. */
export const ROLLING_LOSS = "portfolio.max_realized_loss_24h_usd";

const lossOf = (profit: Quote): Quote => most(NO_QUOTE, negate(profit));

export const dailyLoss: Breaker = {
  name: "daily-loss",
  forgiven: false,
  consequence: "reduce",
  read({ policy: { portfolio }, dayClosed, dayNet, realized24h, opening }) {
    const amount = (lost: Quote) =>
      lostAmount(
        { of: "portfolio.max_daily_loss_usd", lost, marked: true },
        portfolio.max_daily_loss_usd,
      );
    const share = (lost: Quote) =>
      lostShare(
        { of: "portfolio.max_daily_loss_pct", lost, marked: true },
        opening,
        portfolio.max_daily_loss_pct,
      );
    const worst = (of: (lost: Quote) => readonly Reading[]) =>
      of(lossOf(least(dayNet, dayClosed))).map((reading) => ({
        ...reading,
        marked: !of(lossOf(dayClosed)).some(({ beyond }) => beyond),
      }));
    const rolling = { of: ROLLING_LOSS, lost: lossOf(realized24h), marked: false };
    return [
      ...worst(amount),
      ...worst(share),
      ...lostAmount(rolling, portfolio.max_realized_loss_24h_usd),
    ];
  },
};
