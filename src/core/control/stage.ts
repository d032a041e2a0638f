/** The go-live ladder: rungs from paper to full size, what each lets be at stake, and the evidence that the next one asks for. */
import type { Quote } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { LimitKey } from "../risk/limits.ts";
import type { LimitValue } from "../risk/policy.ts";

/** What has to be shown on the rung below. Absent: not asked for. */
export interface Needs {
  /** Days on the rung. */
  readonly days?: number;
  readonly fills?: number;
  /** At most so many of a hundred orders refused by the venue. */
  readonly rejectPct?: number;
  /** Hours since a breaker last tripped. */
  readonly calmHours?: number;
  /** Nothing differs from the venue, and nothing waits to be settled. */
  readonly reconciled?: boolean;
  /** A kill was finished on the rung, with every order proven over. */
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
  readonly since: Instant;
  readonly fills: number;
  readonly orders: number;
  readonly rejects: number;
  readonly lastTripAt: Instant | null;
  readonly killDrilledAt: Instant | null;
}
