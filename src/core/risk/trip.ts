/** The names of the circuit breakers, and what is written down when one trips. */
import type { Instant } from "../kernel/time.ts";

export const BREAKERS = [
  "daily-loss",
  "drawdown",
  "consecutive-losses",
  "consecutive-rejects",
  "feed-silence",
  "throttled",
  "rule-failure",
] as const;
export type BreakerName = (typeof BREAKERS)[number];

/** A tripped breaker, with the figures that tripped it as text in `unit`. */
export interface Trip {
  readonly breaker: BreakerName;
  readonly at: Instant;
  readonly observed: string;
  readonly limit: string;
  readonly unit: "usd" | "count" | "s" | "text";
}
