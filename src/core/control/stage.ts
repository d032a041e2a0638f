/** The go-live ladder: rungs from paper to full size, what each lets be at stake, and the evidence that the next one asks for. */
import type { Quote } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { LimitKey } from "../risk/limits.ts";
import type { LimitValue } from "../risk/policy.ts";

/** What has to be shown on the rung below. Absent: not asked for. */
export interface Needs {
  /** Days on the rung, with the desk running. */
  readonly days?: number;
  readonly fills?: number;
  /** At most so many of a hundred orders refused by the venue. */
  readonly rejectPct?: number;
  /** Hours since a breaker last tripped, with the desk running. */
  readonly calmHours?: number;
  /** Nothing differs from the venue, and nothing waits to be settled. */
  readonly reconciled?: boolean;
  /** A kill that somebody asked for was finished on the rung, with every order proven over; where real orders rest, with one at least. */
  readonly killDrilled?: boolean;
  /** Every room that hears of incidents answered a test alarm on the rung. */
  readonly routesRung?: boolean;
}

export interface Rung {
  /** `paper`, `shadow`, `canary`, `small`: [a-z0-9-], unique in the ladder. */
  readonly name: string;
  /** Where its orders go. */
  readonly venue: "paper" | "shadow" | "live";
  /** What no cap may be riskier than while on it. */
  readonly caps: ReadonlyMap<LimitKey, LimitValue>;
  /** The most that may be at stake on it; null for no bound of its own. */
  readonly worstCase: Quote | null;
  readonly needs: Needs;
}

/** Where a desk stands, and what it has shown there. */
export interface Stage {
  readonly rung: string;
  /** Where that rung's orders went when it was entered: a file that says more of it raises nobody. */
  readonly venue?: Rung["venue"];
  /** The last run ended to go on elsewhere, and the venue itself had shown that nothing is left to do there. */
  readonly left?: true;
  readonly since: Instant;
  /** The last event while on it. */
  readonly seenAt?: Instant;
  /** So much of the time since then the desk was off: in all, and since a breaker last tripped. Absent: never. */
  readonly awayMs?: number;
  readonly calmAwayMs?: number;
  readonly fills: number;
  readonly orders: number;
  readonly rejects: number;
  readonly lastTripAt: Instant | null;
  readonly killDrilledAt: Instant | null;
  /** Orders that a drill here cancelled, at most; absent without one. */
  readonly killDrillCancelled?: number;
}
