/** What each cap of a desk is and will be without anybody's doing. It only looks ahead; what reverts is said elsewhere. */
import { ceilingOf } from "../risk/ceilings.ts";
import type { LimitKey, Policy } from "../risk/limits.ts";
import { findLimit, isRaise, type LimitRow, type LimitValue } from "../risk/policy.ts";
import { type Segment, schedule } from "../risk/temporary.ts";
import type { Desk } from "./desk.ts";

/** What a cap may at most come back to by itself: the value approved in full, and its ceiling. */
export function boundsOf(desk: Desk, key: LimitKey): readonly LimitValue[] {
  const approved = desk.approved && findLimit(desk.approved, key);
  const ceiling = desk.policy ? ceilingOf(desk.policy, key) : undefined;
  return [...(approved ? [approved.value] : []), ...(ceiling === undefined ? [] : [ceiling])];
}

/** What a cap is and will be without anybody's doing. */
export const scheduleOf = (desk: Desk, row: LimitRow): readonly Segment[] =>
  schedule(row, desk.temporary.get(row.key), boundsOf(desk, row.key));

/** Of the caps that the file loosens, those that do not come back to the file's value, or stricter, by themselves. */
export function withoutReverting(
  desk: Desk,
  file: Policy,
  kept: readonly LimitKey[],
): readonly LimitKey[] {
  return kept.filter((key) => {
    const row = desk.policy && findLimit(desk.policy, key);
    const given = findLimit(file, key);
    const last = row && scheduleOf(desk, row).at(-1);
    return !(last && given) || isRaise(given.spec, last.value, given.value);
  });
}
