/** Folds the desk's way on the go-live ladder, and what it has shown on the rung that it stands on. */
import type { Stage } from "../control/stage.ts";
import { NO_QUOTE } from "../kernel/money.ts";
import { type Instant, instant } from "../kernel/time.ts";
import { fingerprint } from "../risk/fingerprint.ts";
import type { Policy } from "../risk/limits.ts";
import { findLimit, isRaise, limitRows } from "../risk/policy.ts";
import type { Desk } from "./desk.ts";
import type { Event, EventBody, EventOf } from "./event.ts";
import { isOutrun } from "./evolve-counts.ts";

const fresh = (rung: string, since: Instant): Stage => ({
  rung,
  since,
  fills: 0,
  orders: 0,
  rejects: 0,
  lastTripAt: null,
  killDrilledAt: null,
});

export function applyStage(desk: Desk, body: EventOf<"stage.changed">, { at }: Event): void {
  desk.stage = fresh(body.to, at);
  if (desk.policy) forget(desk, desk.policy, body.policy);
  desk.policy = body.policy;
  desk.policyPrint = fingerprint(body.policy);
  desk.approved = body.approved;
  desk.policyVersion = body.version;
}

/** A cap that the rung has set is the rung's; a temporary value below one that was raised has ended. */
function forget(desk: Desk, was: Policy, is: Policy): void {
  for (const { key, value, spec } of limitRows(is)) {
    const before = findLimit(was, key);
    if (!before || before.value === value) continue;
    desk.setBy.delete(key);
    if (isRaise(spec, before.value, value)) desk.temporary.delete(key);
  }
}

/** Before the event itself is folded: what it adds to the evidence of the rung. */
export function countOnRung(desk: Desk, body: EventBody, at: Instant): void {
  const { stage } = desk;
  if (stage) desk.stage = counted(desk, stage, body, at);
}

function counted(desk: Desk, stage: Stage, body: EventBody, at: Instant): Stage {
  switch (body.kind) {
    case "order.filled":
      return { ...stage, fills: stage.fills + 1 };
    case "order.acknowledged": {
      const isNew = desk.orders.get(body.order)?.venueId === null;
      return isNew ? { ...stage, orders: stage.orders + 1 } : stage;
    }
    case "order.rejected": {
      const rejects = stage.rejects + (isOutrun(body.reason) ? 0 : 1);
      return { ...stage, orders: stage.orders + 1, rejects };
    }
    case "order.closed": {
      // Taken, and given up by the venue with nothing done: as good as refused.
      const failed = body.why === "failed" && body.executed.size === 0n;
      return failed ? { ...stage, rejects: stage.rejects + 1 } : stage;
    }
    case "breaker.tripped":
      return { ...stage, lastTripAt: at };
    case "kill.finished":
      return body.killedAt >= stage.since ? { ...stage, killDrilledAt: at } : stage;
    default:
      return stage;
  }
}

/** The desk goes on at another venue: nothing of money is carried over, and what is shown begins anew. Latches stay. */
export function beginAnew(desk: Desk, at: Instant): void {
  const { products, balances, orders, closed, external, positions } = desk;
  const { sameRefusals, lastStop, lastEntry } = desk;
  for (const kept of [products, balances, orders, closed, external, positions]) kept.clear();
  for (const kept of [sameRefusals, lastStop, lastEntry]) kept.clear();
  desk.fills.length = 0;
  desk.takerRate = null;
  desk.makerRate = null;
  // What stands in the books of the venue from before is not news there.
  desk.forgottenUntil = instant(Math.max(desk.forgottenUntil, at));
  desk.acceptedAt = at;
  desk.day = null;
  desk.peakEquity = NO_QUOTE;
  desk.lossStreak = 0;
  desk.rejectStreak = 0;
  desk.realizedByMinute = [];
  desk.recentCancels = [];
  desk.recentOrders = [];
  if (desk.stage) desk.stage = fresh(desk.stage.rung, at);
}
