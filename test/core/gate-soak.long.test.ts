/** A hundred thousand decisions of the adversary, and each rule that guards a cap taken out of the gate once. */
import { expect, test } from "vitest";
import type { RuleName } from "../../src/core/risk/veto.ts";
import { playEpisode, startOf } from "../soak/episode.ts";
import { isClean, report, soak } from "../soak/soak.ts";

test("a hundred thousand decisions break no cap, and every rule says no", {
  timeout: 900_000,
}, async () => {
  const total = await soak({ seed: "long", decisions: 100_000, each: 600, provoked: 12 });
  expect(isClean(total), report(total).join("\n")).toBe(true);
});

/** What the exchange must see broken once the rules are gone; where several guard one sum all of them are. */
const NOTICED: readonly (readonly [rules: readonly RuleName[], cap: string])[] = [
  [["allow-list"], "allowed products"],
  [["price-collar"], "max_slippage_bps"],
  [["depth"], "min_depth_multiple"],
  [["spread"], "spread_widening_bps"],
  [["order-notional"], "max_order_notional_usd"],
  [["order-equity"], "max_order_equity_pct"],
  [["position-notional"], "max_position_notional_usd"],
  [["position-units"], "max_position_units"],
  [["position-equity"], "max_position_equity_pct"],
  [["gross-notional"], "max_gross_notional_usd"],
  [["net-notional"], "max_net_notional_usd"],
  [["exposure-equity"], "max_exposure_pct"],
  [["leverage"], "max_leverage"],
  [["strategy-notional"], "max_strategy_notional_usd"],
  [["quote-reserve"], "min_quote_reserve_usd"],
  [["cover"], "covered"],
  [["open-orders"], "max_open_orders of a product"],
  [["orders-per-second"], "max_orders_per_second"],
  [["orders-per-minute"], "max_orders_per_minute"],
  [["orders-per-day"], "max_orders_per_day"],
  [["turnover"], "max_turnover_per_day_usd"],
  [["churn"], "max_cancels_per_minute"],
  [["duplicate"], "duplicate_window_seconds"],
  [["self-cross"], "own orders do not meet"],
  [["cooldown"], "cooldown_seconds"],
  [["stop-cooldown"], "cooldown_after_stop_seconds"],
  [["edge"], "min_edge_multiple"],
  [["volatility"], "max_move_bps_per_minute"],
  [["realized-loss"], "max_realized_loss_24h_usd"],
  [["day-loss", "realized-loss"], "max_daily_loss_usd"],
  [["day-loss"], "max_daily_loss_pct"],
  [["drawdown"], "max_drawdown_usd"],
  [["drawdown"], "max_drawdown_pct"],
  [["loss-streak"], "consecutive_losses"],
  [["reject-streak"], "consecutive_rejects"],
  [["same-refusal"], "identical_rejects"],
  [["error-rate"], "errors_per_5_minutes"],
  [["unknown-total"], "unknown_orders"],
  [["unknown-orders"], "unknown fate"],
  [["external-orders"], "foreign orders"],
  [["lockout"], "event_lockouts"],
  [["session-window"], "session_windows"],
];

test.each(NOTICED)("without the rules %s the exchange sees %s broken", async (rules, cap) => {
  const seen = new Set<string>();
  const [first, ...others] = rules;
  if (!first) throw new Error("no rule is left out");
  for (let tries = 1; tries <= 8 && !seen.has(cap); tries += 1) {
    const told = await playEpisode(`without/${tries}`, startOf(tries), 600, [first], rules);
    for (const each of told.violations) seen.add(each.cap);
  }
  expect([...seen], `also taken out: ${others}`).toContain(cap);
});
