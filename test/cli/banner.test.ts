/** The safety banner: six values on one line, and what stands in where one is not set. */
import { expect, test } from "vitest";
import { safetyBanner } from "../../src/cli/banner.ts";
import { load } from "../config/kit.ts";

test("the start says all six values that bound a loss, on one line", () => {
  const { config } = load({}, "paper");
  const portfolio = { ...config.policy.portfolio, max_daily_loss_pct: 1 };
  const policy = { ...config.policy, portfolio };
  const line = safetyBanner({ ...config, policy });
  expect(line).toBe(
    "[SAFETY] LONG_ONLY=true ORDER_MIN_USD=5 RISK_PER_TRADE_PCT=none (ORDER_USD=25) MAX_DAILY_LOSS_PCT=1 (max_daily_loss_usd=150) TAKE_PROFIT_PCT=0.8 STOP_LOSS_PCT=0.4",
  );
});

test("what is not set is said to be none", () => {
  const { config } = load({ STOP_LOSS_PCT: "none", TAKE_PROFIT_PCT: "none" });
  const { max_daily_loss_pct, ...portfolio } = config.policy.portfolio;
  const policy = { ...config.policy, portfolio: { ...portfolio, max_daily_loss_usd: null } };
  expect(safetyBanner({ ...config, policy })).toMatch(
    /MAX_DAILY_LOSS_PCT=none \(max_daily_loss_usd=none\) TAKE_PROFIT_PCT=none STOP_LOSS_PCT=none$/,
  );
});

test("a share of equity stands there with its model", () => {
  const by = (RISK_MODEL: string) => safetyBanner(load({ RISK_MODEL }).config);
  expect(by("notional")).toContain("RISK_PER_TRADE_PCT=0.25 (notional)");
  expect(by("stop_distance")).toContain("RISK_PER_TRADE_PCT=0.25 (stop_distance)");
});
