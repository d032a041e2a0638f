/** Folds what happened to the policy: adopted at a start, one cap changed, a temporary cap run out. */
import type { Instant } from "../kernel/time.ts";
import { fingerprint } from "../risk/fingerprint.ts";
import type { Policy } from "../risk/limits.ts";
import {
  findLimit,
  isRaise,
  type LimitRow,
  limitRead,
  limitRows,
  limitText,
  withLimit,
} from "../risk/policy.ts";
import { laid, overdue } from "../risk/temporary.ts";
import type { Desk } from "./desk.ts";
import type { EventOf } from "./event.ts";
import { boundsOf } from "./policy-schedule.ts";

type PolicyEvent = EventOf<"policy.adopted" | "limit.changed" | "limit.ending" | "limit.reverted">;

export function applyPolicy(desk: Desk, body: PolicyEvent, at: Instant): void {
  if (body.kind === "limit.ending") return tell(desk, body.key);
  if (body.kind === "policy.adopted") adopt(desk, body, at);
  else if (body.kind === "limit.changed") change(desk, body, at);
  else revert(desk, body, at);
  desk.policyPrint = desk.policy && fingerprint(desk.policy);
}

function adopt(desk: Desk, body: EventOf<"policy.adopted">, at: Instant): void {
  const was = desk.policy;
  desk.policy = body.policy;
  desk.approved = body.approved ?? desk.approved ?? body.policy;
  if (was) forget(desk, was, body.policy);
  desk.policyVersion = body.version ?? Math.max(1, desk.policyVersion);
  const { by, change: changed, reason = "" } = body;
  if (by && changed) {
    desk.setBy.set(changed.key, { by: by.name, at, confirmers: [by.name], reason });
  }
}

/** A cap that the file made stricter is the file's, and a temporary value that would change nothing more has ended. */
function forget(desk: Desk, was: Policy, is: Policy): void {
  for (const row of limitRows(is)) {
    const before = findLimit(was, row.key);
    if (!before || before.value === row.value) continue;
    desk.setBy.delete(row.key);
    if (isSpent(desk, row)) desk.temporary.delete(row.key);
  }
}

/** The last temporary value, and what it reverts to is the value of now. One with others below it still has its times to keep. */
function isSpent(desk: Desk, row: LimitRow): boolean {
  const running = desk.temporary.get(row.key);
  if (!running || running.under || running.before !== limitText(row.value)) return false;
  return boundsOf(desk, row.key).every((bound) => !isRaise(row.spec, bound, row.value));
}

function change(desk: Desk, body: EventOf<"limit.changed">, at: Instant): void {
  const { key, from, to, raise, by, until, confirmers = [], reason = "" } = body;
  const source = desk.setBy.get(key) ?? null;
  if (until === undefined) desk.temporary.delete(key);
  else desk.temporary.set(key, laid(desk.temporary.get(key), { until, now: from, source }));
  desk.setBy.set(key, { by: by.name, at, confirmers, reason });
  desk.policyVersion = body.version ?? desk.policyVersion + 1;
  desk.policy = withText(desk.policy, key, to);
  // Before there was a word for it, whatever raised a cap had been confirmed.
  if (body.approves ?? raise) desk.approved = withText(desk.approved, key, to);
}

function tell(desk: Desk, key: string): void {
  const running = desk.temporary.get(key);
  if (running) desk.temporary.set(key, { ...running, told: true });
}

function revert(desk: Desk, body: EventOf<"limit.reverted">, at: Instant): void {
  const running = desk.temporary.get(body.key);
  const ended = running && overdue(running, at);
  if (ended) {
    if (ended.under) desk.temporary.set(body.key, ended.under);
    else desk.temporary.delete(body.key);
    if (ended.source) desk.setBy.set(body.key, ended.source);
    else desk.setBy.delete(body.key);
  }
  desk.policyVersion = body.version;
  desk.policy = withText(desk.policy, body.key, body.to);
}

/** A text that cannot be read any more changes nothing: a journal never keeps a desk from starting. */
function withText(policy: Policy | null, key: string, text: string): Policy | null {
  const row = policy && findLimit(policy, key);
  const value = row ? limitRead(row.spec, text) : undefined;
  return policy && value !== undefined ? withLimit(policy, key, value) : policy;
}
