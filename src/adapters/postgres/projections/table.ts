/**
 * Which rows each kind of event changes. The type names every kind: a new one does not compile until it is decided here.
 */
import type { Event, EventKind, EventOf } from "../../../core/engine/event.ts";
import * as confirmations from "./confirmations.ts";
import * as holdings from "./holdings.ts";
import * as orders from "./orders.ts";
import * as settlement from "./settlement.ts";
import type { Apply, Turn } from "./turn.ts";

const PROJECTIONS: { readonly [K in EventKind]: Apply<K> | "none" } = {
  "desk.started": "none",
  "desk.stopped": "none",
  "policy.adopted": "none",
  "venue.reconciled": holdings.reconciled,
  "day.opened": "none",
  "risk.measured": holdings.measured,
  "intent.vetoed": orders.vetoed,
  "order.planned": orders.planned,
  "order.acknowledged": orders.acknowledged,
  "order.rejected": orders.rejected,
  "order.unknown": orders.unknown,
  "order.resent": orders.resent,
  "order.released": orders.released,
  "order.absent": orders.absent,
  "order.progressed": orders.progressed,
  "order.cancel-asked": orders.cancelAsked,
  "order.previewed": "none",
  "order.filled": holdings.filled,
  "order.corrected": holdings.corrected,
  "order.traded": settlement.traded,
  "order.settled": settlement.settled,
  "order.quarantined": settlement.quarantined,
  "order.closed": orders.closed,
  "balance.adjusted": settlement.adjusted,
  "external.seen": settlement.seen,
  "external.gone": settlement.gone,
  "venue.checked": "none",
  "breaker.tripped": "none",
  "breaker.cleared": "none",
  "feed.broke": "none",
  "feed.recovered": "none",
  "price.lost": "none",
  "price.recovered": "none",
  "bars.differed": "none",
  "journal.lost": "none",
  "journal.recovered": "none",
  "chat.lost": "none",
  "chat.recovered": "none",
  "security.noticed": "none",
  "trading.paused": "none",
  "trading.resumed": settlement.resumed,
  "trading.halted": "none",
  "trading.killed": "none",
  "kill.progressed": "none",
  "kill.finished": "none",
  "trading.rearmed": settlement.looked,
  "limit.changed": "none",
  "limit.ending": "none",
  "limit.reverted": "none",
  "confirmation.opened": confirmations.opened,
  "confirmation.closed": confirmations.closed,
  "confirmation.stepped": "none",
  "code.spent": "none",
  "stage.changed": "none",
  "person.suspended": "none",
  "person.restored": "none",
  "platform.trusted": "none",
  "duty.changed": "none",
  "alarm.tested": "none",
  "alarm.heard": "none",
  "attempt.refused": "none",
  "request.answered": "none",
};

/** Writes what an event changed, in the transaction given. */
export function project(turn: Turn, event: Event): Promise<void> {
  return applied(event.body.kind, event.body, event, turn);
}

async function applied<K extends EventKind>(
  kind: K,
  body: EventOf<K>,
  { seq, at }: Pick<Event, "seq" | "at">,
  turn: Turn,
): Promise<void> {
  const apply: Apply<K> | "none" = PROJECTIONS[kind];
  if (apply !== "none") await apply(turn, { seq, at: new Date(at), body });
}
