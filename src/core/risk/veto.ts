/** Why the gate refused an intent: one per rule that said no. */

export const RULES = [
  "trading-state",
  "reconciled",
  "allow-list",
  "stale-data",
  "no-price",
  "increments",
  "minimums",
  "price-collar",
  "spread",
  "order-notional",
  "position-notional",
  "position-units",
  "gross-notional",
  "net-notional",
  "leverage",
  "funds",
  "orders-per-minute",
  "cooldown",
  "unknown-orders",
  "external-orders",
  "lockout",
  "signal-age",
  "clock-skew",
] as const;
export type RuleName = (typeof RULES)[number];

export interface Veto {
  readonly rule: RuleName;
  /** Machine-readable figures as text in `unit`; what was seen and where the line is. */
  readonly observed: string;
  readonly limit: string;
  readonly unit: "usd" | "base" | "bps" | "s" | "count" | "state";
  /** The input whose absence made the rule refuse, or null when the figures did. */
  readonly missing: string | null;
}
