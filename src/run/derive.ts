/** Events into delivery rows: which rooms hear an alert, in which lane, under which name. Pure; sends nothing. */
import { type Alert, type AlertTable, alertsFor } from "../chat/alert.ts";
import { type AlertMemory, remember } from "../chat/alert-memory.ts";
import type { Room } from "../chat/person.ts";
import { platformOf } from "../chat/platform.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { Event } from "../core/engine/event.ts";
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
  return rooms
    .filter((room) => hears(room, alert))
    .map((room) => ({
      room: room.id,
      lane: laneFor(alert, room.id),
      eventSeq: event.seq,
      dedupe: `event:${event.seq}:${alert.part}`,
      key: alert.key,
      edit: alert.edit,
      under: alert.under,
      card: isFor(room, alert) ? alert.card : (alert.elsewhere ?? alert.card),
      at: event.at,
    }));
}

/** Whoever asked, whoever chose the topic and whom it concerns; nobody on the platform that it is about. */
function hears(room: Room, alert: Alert): boolean {
  if (platformOf(room.id) === alert.notOn) return false;
  const chosen = alert.topic !== "reply-only" && room.hears.includes(alert.topic);
  return chosen || isFor(room, alert);
}

/** The room that asked, or the private chat of the person it concerns: there it can be answered. */
const isFor = ({ id, owner }: Room, { replyTo, person }: Alert): boolean =>
  id === replyTo || (person !== null && owner === person);
