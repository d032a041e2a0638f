/** Events into delivery rows: which rooms hear an alert, in which lane, under which name. Pure; sends nothing. */
import { type Alert, type AlertTable, alertsFor } from "../chat/alert.ts";
import { type AlertMemory, remember } from "../chat/alert-memory.ts";
import type { Room } from "../chat/person.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { Event } from "../core/engine/event.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { NewDelivery } from "../ports/deliveries.ts";
import { laneFor } from "./lane.ts";

export interface Audience {
  readonly alerts: AlertTable;
  readonly rooms: readonly Room[];
  readonly wall: WallClock;
}

export interface Derived {
  readonly rows: readonly NewDelivery[];
  /** Rows of P0 and P1, which go out even when they cannot be stored. */
  readonly critical: readonly NewDelivery[];
  readonly memory: AlertMemory;
}

/** The same events on the same memory always give the same rows under the same names. */
export function derive(events: readonly Event[], before: AlertMemory, audience: Audience): Derived {
  let memory = before;
  const rows: NewDelivery[] = [];
  const critical: NewDelivery[] = [];
  for (const event of events) {
    memory = remember(memory, event);
    for (const alert of alertsFor(audience.alerts, event, { clock: audience.wall, memory })) {
      const spoken = rowsOf(alert, event, audience.rooms);
      rows.push(...spoken);
      if (alert.priority === "P0" || alert.priority === "P1") critical.push(...spoken);
    }
  }
  return { rows, critical, memory };
}

function rowsOf(alert: Alert, event: Event, rooms: readonly Room[]): readonly NewDelivery[] {
  return listeners(alert, rooms).map((room) => ({
    room,
    lane: laneFor(alert, room),
    eventSeq: event.seq,
    dedupe: `event:${event.seq}:${alert.part}`,
    key: alert.key,
    edit: alert.edit,
    card: alert.card,
    at: event.at,
  }));
}

/** The asking room first; a room that is no longer ours hears nothing. */
function listeners(alert: Alert, rooms: readonly Room[]): readonly RoomId[] {
  const { topic, replyTo } = alert;
  return rooms
    .filter(({ id, hears }) => id === replyTo || (topic !== "reply-only" && hears.includes(topic)))
    .map(({ id }) => id);
}
