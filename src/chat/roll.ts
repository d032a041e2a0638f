/** A rolling message: the same thing happening again and again is one message with a count, until it rests. */
import type { Instant } from "../core/kernel/time.ts";

export interface Roll {
  /** The event whose message is edited. */
  readonly root: number;
  readonly since: Instant;
  readonly last: Instant;
  readonly count: number;
  /** When it happened within the last window, oldest first, no more than are needed to call it loud. */
  readonly recent: readonly Instant[];
  /** When the last burst was called out. */
  readonly loudAt: Instant | null;
  /** True on the very event that made it a burst. */
  readonly burst: boolean;
}

export interface RollRule {
  /** Silence after which a new message begins. */
  readonly restMs: number;
  readonly windowMs: number;
  /** More than this many in a window is a burst; called out once a window. */
  readonly loudAbove: number;
}

/** The roll after one more occurrence. */
export function rolled(before: Roll | undefined, seq: number, at: Instant, rule: RollRule): Roll {
  const goesOn = before !== undefined && at - before.last < rule.restMs;
  const recent = [...(before?.recent ?? []), at]
    .filter((moment) => at - moment < rule.windowMs)
    .slice(-(rule.loudAbove + 1));
  const loudBefore = before?.loudAt ?? null;
  const hushed = loudBefore !== null && at - loudBefore < rule.windowMs;
  const burst = recent.length > rule.loudAbove && !hushed;
  return {
    root: goesOn ? before.root : seq,
    since: goesOn ? before.since : at,
    last: at,
    count: goesOn ? before.count + 1 : 1,
    recent,
    loudAt: burst ? at : loudBefore,
    burst,
  };
}
