/** What people see of the go-live ladder: the rung, what was shown on it, and what the next one asks for and brings. */
import { rungAbove, rungBelow } from "../control/ladder.ts";
import type { Rung } from "../control/stage.ts";
import type { Quote } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { rungOf } from "./filed.ts";
import { evidence, type Shown } from "./stage-evidence.ts";
import { missingFor } from "./stage-missing.ts";
import { type CapChange, capChanges, worstCase } from "./stage-terms.ts";
import { stillThere } from "./stage-venue.ts";
import type { State } from "./state.ts";

export interface StageView {
  readonly rung: string;
  /** Counts from 1. */
  readonly number: number;
  readonly of: number;
  readonly venue: Rung["venue"];
  /** Null on the lowest rung. */
  readonly below: string | null;
  readonly since: Instant;
  /** Why the desk trades elsewhere than its rung says still; null when it does not. */
  readonly still: string | null;
  readonly worst: Quote | null;
  /** Null on the highest rung. */
  readonly next: {
    readonly name: string;
    readonly venue: Rung["venue"];
    readonly worst: Quote | null;
    readonly caps: readonly CapChange[];
    readonly evidence: readonly Shown[];
    /** Everything that keeps the desk from it now, as words. */
    readonly missing: readonly string[];
  } | null;
}

/** Null without a ladder. */
export function stageView(state: State, at: Instant): StageView | null {
  const { desk, settings } = state;
  const ladder = settings.ladder ?? [];
  const rung = rungOf(state);
  if (!rung || !desk.stage) return null;
  const next = rungAbove(ladder, rung);
  return {
    rung: rung.name,
    number: ladder.indexOf(rung) + 1,
    of: ladder.length,
    venue: rung.venue,
    below: rungBelow(ladder, rung)?.name ?? null,
    since: desk.stage.since,
    still: stillThere({ state, at }),
    worst: worstCase(state, rung),
    next: next && {
      name: next.name,
      venue: next.venue,
      worst: worstCase(state, next),
      caps: capChanges(state, next),
      evidence: evidence(state, desk.stage, next.needs, at),
      missing: missingFor(state, next, at),
    },
  };
}
