/** The policy as time goes on without anybody: what a start makes of file and journal, and temporary caps that run out. */
import { isSame, strictest } from "../risk/baseline.ts";
import { findLimit, limitText } from "../risk/policy.ts";
import { scheduleOf, withoutReverting } from "./policy-schedule.ts";
import type { Turn } from "./turn.ts";

/** Temporary caps whose time is over revert, those that ran out while the desk was down among them. */
export function revertDue(turn: Turn): void {
  const { desk } = turn.state;
  for (const [key, { until }] of [...desk.temporary]) {
    const row = until <= turn.at && desk.policy ? findLimit(desk.policy, key) : null;
    if (!row) continue;
    const now = scheduleOf(desk, row).find((each) => each.until === null || each.until > turn.at);
    turn.say({
      kind: "limit.reverted",
      key,
      from: limitText(row.value),
      to: limitText(now?.value ?? row.value),
      version: desk.policyVersion + 1,
    });
  }
}

/**
 * At a start the stricter of file and journal wins, key by key, for what is in force and for what was approved; what the
 * file loosens waits until somebody asks for it.
 */
export function adoptPolicy(turn: Turn): void {
  revertDue(turn);
  const { desk, settings } = turn.state;
  const { policy: before, approved, policyVersion } = desk;
  if (!before) {
    const { policy } = settings;
    return turn.say({ kind: "policy.adopted", policy, kept: [], version: 1, approved: policy });
  }
  const { policy, kept, lowered } = strictest(settings.policy, before);
  turn.say({
    kind: "policy.adopted",
    policy,
    kept: withoutReverting(desk, settings.policy, kept),
    lowered,
    version: isSame(policy, before) ? policyVersion : policyVersion + 1,
    approved: strictest(settings.policy, approved ?? before).policy,
  });
}
