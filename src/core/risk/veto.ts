/** Why the gate refused an intent: one per rule that said no. */

export const RULES = [
  "mode-armed",
  "leader",
  "journal",
  "reconciled",
  "policy",
  "clock-skew",
  "trading-state",
  "allow-list",
  "stale-data",
  "no-price",
  "market-heartbeat",
  "price-check",
  "account-stream",
  "increments",
  "minimums",
  "price-collar",
  "depth",
  "spread",
  "order-notional",
  "order-equity",
  "position-notional",
  "position-units",
  "position-equity",
  "gross-notional",
  "net-notional",
  "exposure-equity",
  "leverage",
  "strategy-notional",
  "quote-reserve",
  "funds",
  "cover",
  "open-orders",
  "orders-per-second",
  "orders-per-minute",
  "orders-per-day",
  "turnover",
  "churn",
  "same-refusal",
  "duplicate",
  "self-cross",
  "signal-age",
  "edge",
  "realized-loss",
  "day-loss",
  "drawdown",
  "loss-streak",
  "cooldown",
  "stop-cooldown",
  "error-rate",
  "reject-streak",
  "unknown-orders",
  "unknown-total",
  "drift",
  "volatility",
  "external-orders",
  "manual",
  "lockout",
  "session-window",
] as const;
export type RuleName = (typeof RULES)[number];

export interface Veto {
  readonly rule: RuleName;
  /** Machine-readable figures as text in `unit`; what was seen and where the line is. */
  readonly observed: string;
  readonly limit: string;
  readonly unit: "usd" | "base" | "bps" | "percent" | "times" | "s" | "count" | "state";
  /** The input whose absence made the rule refuse, or null when the figures did. */
  readonly missing: string | null;
}
