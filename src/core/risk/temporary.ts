/** Caps that revert by themselves: what lies under a temporary value, and what a cap will be without anybody's doing. */
import type { Instant } from "../kernel/time.ts";
import { stricterOf } from "./baseline.ts";
import { type LimitRow, type LimitValue, limitRead } from "./policy.ts";

export interface LimitSource {
  readonly by: string;
  readonly at: Instant;
  /** Who confirmed it, the one who asked first. */
  readonly confirmers: readonly string[];
  readonly reason: string;
}

export interface Temporary {
  readonly until: Instant;
  /** What it was before, as text: what it reverts to is the strictest of this, what is approved, and the ceiling. */
  readonly before: string;
  /** Who had set that, or null for the file. */
  readonly source: LimitSource | null;
  /** What was before was temporary itself and still runs; it ends later than this. */
  readonly under: Temporary | null;
  /** It was told that it ends soon. */
  readonly told?: true;
}

/** How many temporary values of one cap may lie on each other. */
export const MOST_LAYERS = 4;

/** A value that holds until then; null: until it is changed. */
export interface Segment {
  readonly value: LimitValue;
  readonly until: Instant | null;
}

interface Laid {
  readonly until: Instant;
  /** The value now, as text, and who set it. */
  readonly now: string;
  readonly source: LimitSource | null;
}

/** One more temporary value. What would end before it is never seen again and goes. */
export function laid(running: Temporary | undefined, on: Laid): Temporary {
  let [before, source, under] = [on.now, on.source, running ?? null];
  while (under && under.until <= on.until) {
    ({ before, source, under } = under);
  }
  return { until: on.until, before, source, under };
}

/** What has run out at that moment, the newest last. */
export function overdue(running: Temporary, at: Instant): Temporary | null {
  let out: Temporary | null = null;
  for (let each: Temporary | null = running; each && each.until <= at; each = each.under)
    out = each;
  return out;
}

export const layers = (running: Temporary | undefined): number =>
  running ? 1 + layers(running.under ?? undefined) : 0;

/**
 * What a cap is now, will be when its temporary value ends, and so on until it stays. What it reverts to is never looser than
 * `bounds`: the value approved in full, and the ceiling. What was before and cannot be read any more is the value of now.
 */
export function schedule(
  row: LimitRow,
  running: Temporary | undefined,
  bounds: readonly LimitValue[],
): readonly Segment[] {
  const segments: Segment[] = [{ value: row.value, until: running?.until ?? null }];
  for (let each = running ?? null; each; each = each.under) {
    const before = limitRead(row.spec, each.before);
    const value = bounds.reduce<LimitValue>(
      (least, bound) => stricterOf(row.spec, least, bound),
      before === undefined ? row.value : before,
    );
    segments.push({ value, until: each.under?.until ?? null });
  }
  return segments;
}
