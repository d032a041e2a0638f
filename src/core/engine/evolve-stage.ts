/** Folds the desk's way on the go-live ladder, and what it has shown on the rung that it stands on. */
import type { Stage } from "../control/stage.ts";
import { NO_QUOTE } from "../kernel/money.ts";
import { type Instant, instant } from "../kernel/time.ts";
import { fingerprint } from "../risk/fingerprint.ts";
import type { Policy } from "../risk/limits.ts";
import { findLimit, isRaise, limitRows } from "../risk/policy.ts";
import { BY_HAND } from "../strategy/strategy.ts";
import type { Desk } from "./desk.ts";
import type { Event, EventBody, EventOf } from "./event.ts";
import { isOutrun } from "./evolve-counts.ts";

const fresh = ({ rung, venue }: Pick<Stage, "rung" | "venue">, since: Instant): Stage => ({
  rung,
  ...(venue === undefined ? {} : { venue }),
  since,
  fills: 0,
  orders: 0,
  rejects: 0,
  lastTripAt: null,
  killDrilledAt: null,
});

export function applyStage(desk: Desk, body: EventOf<"stage.changed">, { at }: Event): void {
  const { to: rung, venue } = body;
  desk.stage = fresh({ rung, ...(venue === undefined ? {} : { venue }) }, at);
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
  if (!stage) return;
  const next = isByHand(desk, body) ? stage : counted(desk, stage, body, at);
  desk.stage = { ...next, seenAt: at };
}

/** What somebody bought on their own shows nothing of the strategy. */
function isByHand({ orders, closed }: Desk, body: EventBody): boolean {
  if (!("order" in body)) return false;
  const order = orders.get(body.order) ?? closed.get(body.order);
  return order?.plan.strategy === BY_HAND;
}

/** From the last word of one run to the first of the next nothing is shown. */
function away(stage: Stage, at: Instant): Stage {
  const off = Math.max(0, at - (stage.seenAt ?? stage.since));
  const awayMs = (stage.awayMs ?? 0) + off;
  return { ...stage, awayMs, calmAwayMs: (stage.calmAwayMs ?? 0) + off };
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
      return { ...stage, lastTripAt: at, calmAwayMs: 0 };
    case "kill.finished":
      return drilled(desk, stage, body, at);
    case "desk.started": {
      const { left: _, ...here } = away(stage, at);
      return here;
    }
    case "desk.stopped":
      return body.leaves === undefined ? stage : { ...stage, left: true };
    default:
      return stage;
  }
}

/** What brought the desk down to the rung, or stopped it by itself, is no drill of anybody. */
function drilled(desk: Desk, stage: Stage, body: EventOf<"kill.finished">, at: Instant): Stage {
  if (body.killedAt <= stage.since || !desk.killed?.by) return stage;
  const killDrillCancelled = Math.max(stage.killDrillCancelled ?? 0, body.cancelled);
  return { ...stage, killDrilledAt: at, killDrillCancelled };
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
  if (desk.stage) desk.stage = fresh(desk.stage, at);
}
