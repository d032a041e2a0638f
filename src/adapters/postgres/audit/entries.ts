/**
 * What of the journal is audited: every request of a person and what became of it, every latch, trip and sign of trouble.
 * What this makes of an event never changes, or chains that stand could not be derived again: new kinds and fields only.
 */
import type { Decision } from "../../../core/control/audit.ts";
import type { Latch, Requester } from "../../../core/control/trading.ts";
import type { EventBody, EventKind, EventOf } from "../../../core/engine/event.ts";
import { decimal } from "../../../core/kernel/money.ts";
import type { Instant } from "../../../core/kernel/time.ts";
import { tripKey } from "../../../core/risk/trip.ts";
import { agreed, approval, type Entry, movedBy, proposed, reasonOf } from "./entry.ts";

type Voice<K extends EventKind> = (body: EventOf<K>, at: Instant) => Entry | null;
type Entries = { readonly [K in EventKind]: Voice<K> | "none" };

const ITSELF = { by: null, decision: "by-itself" } as const;

const whoever = (by: Requester | null): { by: Requester | null; decision: Decision } =>
  by === null ? ITSELF : { by, decision: "done" };

const latched = (action: string, { by, reason }: Latch): Entry => ({
  ...whoever(by),
  action,
  reason,
});

const ENTRIES: Entries = {
  "desk.started": ({ mode, version, run }) => ({
    ...ITSELF,
    action: "start",
    reason: `version ${version}, run ${run}`,
    after: mode,
  }),
  "desk.stopped": ({ why }) => ({ ...ITSELF, action: "stop", reason: why }),
  "policy.adopted": (body) => ({
    ...whoever(body.by ?? null),
    action: body.change ? `limits set ${body.change.key} file` : "adopt policy",
    reason: [
      body.reason ?? "",
      body.kept.length > 0 ? `kept ${body.kept.join(" ")}` : "",
      body.lowered?.length ? `lowered ${body.lowered.join(" ")}` : "",
    ]
      .filter((part) => part !== "")
      .join("; "),
    ...(body.change ? { before: body.change.from } : {}),
    after: body.change ? body.change.to : `version ${body.version ?? "unknown"}`,
  }),
  "venue.reconciled": "none",
  "day.opened": "none",
  "risk.measured": "none",
  "intent.vetoed": "none",
  "order.planned": ({ plan, by }) =>
    by && {
      ...whoever(by),
      action: `order ${plan.purpose} ${plan.side} ${plan.product}`,
      after: `${plan.id} ${decimal(plan.size)}`,
    },
  "order.acknowledged": "none",
  "order.rejected": "none",
  "order.unknown": "none",
  "order.resent": "none",
  "order.released": "none",
  "order.absent": "none",
  "order.progressed": "none",
  // Those of a kill stand in the line of the kill.
  "order.cancel-asked": ({ order, by, why }) =>
    by && why !== "kill" ? { ...whoever(by), action: `cancel ${order}`, reason: why } : null,
  "order.previewed": "none",
  "order.filled": "none",
  "order.corrected": "none",
  "order.traded": "none",
  "order.settled": "none",
  "order.quarantined": "none",
  "order.closed": "none",
  "balance.adjusted": "none",
  "external.seen": "none",
  "external.gone": "none",
  "venue.checked": ({ by, differences }) => ({
    ...whoever(by),
    action: "reconcile",
    after: `differences ${differences.length}`,
  }),
  "breaker.tripped": ({ trip }) => ({
    ...ITSELF,
    ...(trip.by ? { who: { name: trip.by } } : {}),
    action: `trip ${tripKey(trip)}`,
    before: `limit ${trip.limit} ${trip.unit}`,
    after: `observed ${trip.observed} ${trip.unit}`,
  }),
  "breaker.cleared": ({ trip, why }) => ({
    ...ITSELF,
    action: `clear ${tripKey(trip)}`,
    reason: why,
  }),
  "feed.broke": "none",
  "feed.recovered": "none",
  "price.lost": "none",
  "price.recovered": "none",
  "bars.differed": "none",
  "journal.lost": "none",
  "journal.recovered": "none",
  "chat.lost": "none",
  "chat.recovered": "none",
  "security.noticed": ({ platform, what, count, detail }) => ({
    by: null,
    who: { platform },
    action: `security ${what}`,
    decision: what === "strangers" || what === "turned-away" ? "refused" : "by-itself",
    reason: detail,
    count,
  }),
  "trading.paused": ({ latch, scope = "all" }) => latched(`pause ${scope}`, latch),
  "trading.resumed": ({ by, scope = "all", rearmed }) => ({
    ...whoever(by),
    action: `resume ${scope}`,
    ...(rearmed.length > 0 ? { after: `rearmed ${rearmed.join(", ")}` } : {}),
  }),
  "trading.halted": ({ latch }) => latched("halt", latch),
  "trading.killed": ({ latch, openOrders }) => ({
    ...latched("kill", latch),
    before: `open orders ${openOrders}`,
  }),
  "kill.progressed": ({ closed, total, unknown }) => ({
    ...ITSELF,
    action: "kill progress",
    after: `closed ${closed} of ${total}, unknown ${unknown}`,
  }),
  "kill.finished": ({ total, cancelled, filled, holdings }) => ({
    ...ITSELF,
    action: "kill finished",
    after: `orders ${total}, cancelled ${cancelled}, filled ${filled}, held ${holdings.length}`,
  }),
  "trading.rearmed": ({ by }) => ({ ...whoever(by), action: "rearm" }),
  "limit.changed": ({ key, from, to, by, reason = "", confirmers, until }, at) => ({
    ...whoever(by),
    action: `limits set ${key}`,
    reason,
    before: from,
    after: until === undefined ? to : `${to} until ${until}`,
    approvals: agreed(confirmers, at),
  }),
  "limit.reverted": ({ key, from, to }) => ({
    ...ITSELF,
    action: `revert ${key}`,
    before: from,
    after: to,
  }),
  "limit.ending": "none",
  "confirmation.opened": ({ confirmation }) => ({
    by: confirmation.by,
    action: proposed(confirmation.proposal),
    decision: "asked",
    ...reasonOf(confirmation.proposal),
    snapshot: confirmation.snapshot,
    ...movedBy(confirmation.proposal),
    request: confirmation.id,
  }),
  "confirmation.stepped": ({ confirmation, step, by, saw }, at) => ({
    by,
    action: `${step} ${proposed(confirmation.proposal)}`,
    decision: "stepped",
    snapshot: confirmation.snapshot,
    ...movedBy(confirmation.proposal),
    approvals: [approval(step, by, at, saw)],
    request: confirmation.id,
  }),
  "confirmation.closed": (body, at) => closed(body, at),
  "code.spent": ({ by, step, exposed }) => ({
    by,
    action: step === null ? "recovery code" : "code",
    decision: exposed ? "refused" : "done",
    ...(exposed ? { reason: "others could read it" } : {}),
  }),
  "stage.changed": ({ from, to, by, why, confirmers, version }, at) => ({
    ...whoever(by),
    action: "stage",
    reason: why,
    before: from ?? "none",
    after: `${to}, policy version ${version}`,
    approvals: agreed(confirmers, at),
  }),
  "person.suspended": ({ person, by, reason }) => ({
    ...whoever(by),
    action: `suspend ${person}`,
    reason,
  }),
  "person.restored": ({ person, by }) => ({ ...whoever(by), action: `restore ${person}` }),
  "platform.trusted": ({ platform, by }) => ({ ...whoever(by), action: `trust ${platform}` }),
  "duty.changed": ({ by, on, to }) => ({
    ...whoever(by),
    action: to ? `duty handover ${to.person}` : `duty ${on ? "on" : "off"}`,
  }),
  "alarm.tested": ({ alarm, by }) => ({ ...whoever(by), action: `testalarm ${alarm}` }),
  "alarm.heard": ({ alarm, by, afterMs }) => ({
    ...whoever(by),
    action: `heard ${alarm}`,
    after: `after ${afterMs} ms`,
  }),
  "attempt.refused": ({ person, name, room, words, why, count }) => ({
    by: null,
    who: { platform: room.slice(0, room.indexOf(":")), person, name, room, words },
    action: "attempt",
    decision: "refused",
    reason: why,
    count,
  }),
  "request.answered": ({ verb, by, refused, why }) => ({
    by,
    action: verb,
    // A reconciliation is begun; its line follows.
    decision: refused ? "refused" : verb === "reconcile" ? "done" : "unchanged",
    reason: why,
  }),
};

function closed(
  { confirmation, outcome, by, detail, saw }: EventOf<"confirmation.closed">,
  at: Instant,
): Entry {
  const { proposal, snapshot, id } = confirmation;
  const counts = by !== null && (outcome === "confirmed" || outcome === "denied");
  const step = outcome === "denied" ? "deny" : lastStep(confirmation, by);
  return {
    by,
    action: proposed(proposal),
    decision: outcome,
    reason: detail,
    snapshot,
    ...movedBy(proposal),
    ...(counts ? { approvals: [approval(step, by, at, saw)] } : {}),
    request: id,
  };
}

/** The step with which a request was done. */
function lastStep(
  { by: asker, progress }: EventOf<"confirmation.closed">["confirmation"],
  by: Requester | null,
): "confirm" | "code" | "approve" {
  if (by?.person !== asker.person) return "approve";
  return progress?.codeAt === undefined ? "confirm" : "code";
}

/** What the audit says of an event; null when it is not audited. */
export function entryOf(body: EventBody, at: Instant): Entry | null {
  // The table pairs each kind with its own voice; the compiler cannot follow that pairing through an index.
  const voice = ENTRIES[body.kind] as ((body: EventBody, at: Instant) => Entry | null) | "none";
  return voice === "none" ? null : voice(body, at);
}

/** Kinds of which some events are audited. */
export const AUDITED: readonly EventKind[] = (Object.keys(ENTRIES) as EventKind[]).filter(
  (kind) => ENTRIES[kind] !== "none",
);
