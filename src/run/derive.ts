/** Events into delivery rows: which rooms hear an alert, in which lane, under which name. Pure; sends nothing. */
import { type Alert, type AlertTable, alertsFor } from "../chat/alert.ts";
import { type AlertMemory, remember } from "../chat/alert-memory.ts";
import { isFor, listeners } from "../chat/listeners.ts";
import { cardFor } from "../chat/mask.ts";
import type { Room } from "../chat/person.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { Event, EventKind } from "../core/engine/event.ts";
import type { NewDelivery } from "../ports/deliveries.ts";
import { isCritical, laneFor } from "./lane.ts";

export interface Audience {
  readonly alerts: AlertTable;
  readonly rooms: readonly Room[];
  readonly wall: WallClock;
  /** Hash at which the audit ended when last heard of. */
  readonly auditHead?: () => string | null;
}

export interface Derived {
  readonly rows: readonly NewDelivery[];
  /** Rows of P0 and P1, which go out even when they cannot be stored. */
  readonly critical: readonly NewDelivery[];
  readonly memory: AlertMemory;
  /** Events whose voice failed: nothing is said of them, and the others are heard all the same. */
  readonly mute: readonly Mute[];
}

interface Mute {
  readonly seq: number;
  readonly kind: EventKind;
  readonly why: string;
}

/** The same events on the same memory always give the same rows under the same names, but for the audit's head in them. */
export function derive(events: readonly Event[], before: AlertMemory, audience: Audience): Derived {
  let memory = before;
  const rows: NewDelivery[] = [];
  const critical: NewDelivery[] = [];
  const mute: Mute[] = [];
  const auditHead = audience.auditHead?.() ?? null;
  for (const event of events) {
    try {
      memory = remember(memory, event);
      for (const alert of alertsFor(audience.alerts, event, {
        clock: audience.wall,
        memory,
        auditHead,
      })) {
        const spoken = rowsOf(alert, event, audience.rooms);
        rows.push(...spoken);
        if (isCritical(alert.priority)) critical.push(...spoken);
      }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : "thrown";
      mute.push({ seq: event.seq, kind: event.body.kind, why });
    }
  }
  return { rows, critical, memory, mute };
}

function rowsOf(alert: Alert, event: Event, rooms: readonly Room[]): readonly NewDelivery[] {
  return listeners(alert, rooms).map((room) => ({
    room: room.id,
    lane: laneFor(alert, room.id),
    eventSeq: event.seq,
    dedupe: `event:${event.seq}:${alert.part}`,
    key: alert.key,
    edit: alert.edit,
    under: alert.under,
    card: cardFor(isFor(room, alert) ? alert.card : (alert.elsewhere ?? alert.card), room),
    at: event.at,
  }));
}
