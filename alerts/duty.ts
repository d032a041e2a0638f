/** Who is on duty, and drills of the alarm: rung in every room that hears of incidents, and answered there. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { age } from "../src/chat/format.ts";
import { called } from "../src/core/control/called.ts";
import type { EventOf } from "../src/core/engine/event.ts";

const STATUS = button("Status", "/status");
/** One line stays for the time. */
const MAX_OPEN = 6;

export const dutyChanged: Voice<EventOf<"duty.changed">> = (event, seq, at, { clock }) => {
  const { by, on, to, open } = event;
  const time = `${clock.seconds(at)} ${clock.zone(at)}.`;
  const over = open.length - MAX_OPEN;
  const shown = over > 0 ? [...open.slice(0, MAX_OPEN - 1), `… and ${over + 1} more`] : open;
  const left = on ? [] : shown;
  const said = card({
    headline: to
      ? `DUTY: ${called(by.name)} → ${called(to.name)}`
      : `DUTY: ${called(by.name)} is ${on ? "on" : "off"}`,
    lines: [left.length === 0 && !on ? `${time} Nothing is open.` : time, ...left],
    buttons: [STATUS, button("Duty", "/duty")],
    event: eventId(seq),
  });
  return [
    alert({
      card: said,
      priority: to ? "P1" : "P2",
      topic: "incidents",
      replyTo: by.room,
      person: to?.person ?? null,
    }),
  ];
};

const key = (alarm: string): string => `alarm:${alarm}`;

export const alarmTested: Voice<EventOf<"alarm.tested">> = (event, seq, at, { clock }) => {
  const { alarm, by } = event;
  const said = card({
    headline: `TEST ALARM by ${called(by.name)}: press if you hear it`,
    mark: "🔴",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. Nothing is wrong.`,
      "A room where nobody presses does not count as listening.",
    ],
    buttons: [button("I hear it", `/heard ${alarm}`)],
    event: eventId(seq),
  });
  return [
    alert({ card: said, priority: "P0", topic: "security", key: key(alarm), replyTo: by.room }),
  ];
};

/** Told where it was pressed; the other rooms keep their buttons. */
export const alarmHeard: Voice<EventOf<"alarm.heard">> = ({ alarm, by, afterMs }, seq) => {
  const said = card({
    headline: `Heard here by ${called(by.name)} after ${age(afterMs)}`,
    event: eventId(seq),
  });
  return [alert({ card: said, topic: "reply-only", replyTo: by.room, under: key(alarm) })];
};
