/** What a circuit breaker is: a condition read from figures. Latching, confirming and clearing are the engine's. */

import type { Quote } from "../kernel/money.ts";
import type { Policy } from "./limits.ts";
import type { BreakerName, Trip } from "./trip.ts";

export interface Figures {
  readonly policy: Policy;
  /** Profit since UTC midnight after fees: from fills alone, and with holdings at their mark. */
  readonly dayClosed: Quote;
  readonly dayNet: Quote;
  /** Peak equity minus equity, never negative; null before equity is known. */
  readonly drawdown: Quote | null;
  readonly lossStreak: number;
  readonly rejectStreak: number;
  readonly throttledLastMinute: number;
  /** The longest silence of a stream that had spoken, in milliseconds. */
  readonly silenceMs: number;
}

export interface Reading {
  readonly observed: string;
  readonly limit: string;
  readonly unit: Trip["unit"];
  /** Share of the way to the limit: 1 is there. */
  readonly nearness: number;
  readonly beyond: boolean;
  /** True when one bad price could have caused it: it must last before it trips. */
  readonly marked: boolean;
}

export interface Breaker {
  readonly name: BreakerName;
  /** True when `/resume` starts its count anew; otherwise the condition must have cleared first. */
  readonly forgiven: boolean;
  /** Null when the policy sets no limit. */
  read(figures: Figures): Reading | null;
}

export function counted(observed: number, limit: number | null): Reading | null {
  if (limit === null) return null;
  return {
    observed: String(observed),
    limit: String(limit),
    unit: "count",
    nearness: limit === 0 ? 1 : observed / limit,
    beyond: observed >= limit,
    marked: false,
  };
}
