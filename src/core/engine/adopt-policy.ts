/** The policy as time goes on without anybody: what a start makes of file and journal, and temporary caps that run out. */
import { isSame, strictest } from "../risk/baseline.ts";
import { findLimit, isRaise, limitText } from "../risk/policy.ts";
import { filed } from "./filed.ts";
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

/** How long before its end a temporary raise is spoken of. */
const SOON_MS = 600_000;

/** Whoever relies on a raised cap hears of its end before it comes, once. What lasts no longer than that is not announced. */
export function announceEnds(turn: Turn): void {
  const { desk } = turn.state;
  for (const [key, { until, told }] of [...desk.temporary]) {
    const row = desk.policy && findLimit(desk.policy, key);
    const set = desk.setBy.get(key);
    if (!row || told || until - turn.at > SOON_MS || !set || until - set.at <= SOON_MS) continue;
    const next = scheduleOf(desk, row)[1];
    if (!next || !isRaise(row.spec, next.value, row.value)) continue;
    const [from, to] = [limitText(row.value), limitText(next.value)];
    turn.say({ kind: "limit.ending", key, from, to, until });
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
  const file = filed(turn.state);
  const { policy, kept, lowered } = strictest(file, before);
  turn.say({
    kind: "policy.adopted",
    policy,
    kept: withoutReverting(desk, file, kept),
    lowered,
    version: isSame(policy, before) ? policyVersion : policyVersion + 1,
    approved: strictest(file, approved ?? before).policy,
  });
}
