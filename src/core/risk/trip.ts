/** The names of the circuit breakers, and what is written down when one trips. */
import type { ProductId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { LimitKey } from "./limits.ts";

export const BREAKERS = [
  "daily-loss",
  "drawdown",
  "consecutive-losses",
  "consecutive-rejects",
  "feed-silence",
  "throttled",
  "rule-failure",
  "spread",
  "error-rate",
  "drift",
  "unknown-orders",
  "volatility",
] as const;
export type BreakerName = (typeof BREAKERS)[number];

/** A tripped breaker, with the figures that tripped it as text in `unit`. */
export interface Trip {
  readonly breaker: BreakerName;
  readonly at: Instant;
  readonly observed: string;
  readonly limit: string;
  readonly unit: "usd" | "count" | "s" | "bps" | "percent" | "text";
  /** Set when it stops one product only. */
  readonly product?: ProductId;
  /** The cap that was passed, where there is one. Absent in trips from before it was kept, as is `by`. */
  readonly of?: LimitKey;
  /** Who did it: null for the desk itself. */
  readonly by?: string | null;
}

/** One latch per breaker, and per product where it stops one product only. */
export type TripKey = BreakerName | `${BreakerName} ${ProductId}`;
/** `feed silence`, `spread BTC-USD` */
export const tripWords = (key: string): string => {
  const [breaker = "", ...product] = key.split(" ");
  return [breaker.replaceAll("-", " "), ...product].join(" ");
};
export const tripKey = ({ breaker, product }: Pick<Trip, "breaker" | "product">): TripKey =>
  product === undefined ? breaker : `${breaker} ${product}`;
