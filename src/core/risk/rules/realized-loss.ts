/** Keeps out entries once fills alone, fees included, have lost what a UTC day or the last 24 hours may lose. */
import { decimal, negate } from "../../kernel/money.ts";
import { finding, rule, whereSet } from "../rule.ts";

export const realizedLoss = rule({
  name: "realized-loss",
  binds: "entries",
  applies: whereSet(
    ({ portfolio }) => portfolio.max_daily_loss_usd ?? portfolio.max_realized_loss_24h_usd,
  ),
  needs: ["policy", "dayClosed", "realized24h"],
  check(_intent, { policy, dayClosed, realized24h }) {
    const ofDay = policy.portfolio.max_daily_loss_usd;
    if (ofDay !== null && dayClosed < 0n && dayClosed <= negate(ofDay))
      return finding(decimal(dayClosed), decimal(ofDay), "usd");
    const of24h = policy.portfolio.max_realized_loss_24h_usd ?? null;
    if (of24h !== null && realized24h < 0n && realized24h <= negate(of24h))
      return finding(decimal(realized24h), decimal(of24h), "usd");
    return null;
  },
});
