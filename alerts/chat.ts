/** A chat platform or a room of it falls silent and comes back: told where people can still be reached. */
import { type AlertContext, alert, type Voice } from "../src/chat/alert.ts";
import { chatRoll } from "../src/chat/alert-memory.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { age } from "../src/chat/format.ts";
import { platformName } from "../src/chat/platform.ts";
import type { EventOf } from "../src/core/engine/event.ts";

type Where = Pick<EventOf<"chat.lost">, "platform" | "room">;

const BUTTONS = [button("Status", "/status"), button("Pause", "/pause")];

/** So long a silence rings when it is over, however often it flapped before. */
const OUTAGE_MS = 600_000;

/** A silence that comes back within half an hour is one message with a count. */
function rolling(of: Where, seq: number, { memory }: AlertContext) {
  const roll = memory.rolls.get(chatRoll(of));
  const count = roll?.count ?? 1;
  return { key: `${chatRoll(of)}:${roll?.root ?? seq}`, count, since: roll?.since ?? null };
}

const loudly = (platform: string): string => platformName(platform).toUpperCase();

export const lost: Voice<EventOf<"chat.lost">> = (event, seq, at, context) => {
  const { clock } = context;
  const { platform, room, why } = event;
  const { key, count, since } = rolling(event, seq, context);
  const time = `${clock.seconds(at)} ${clock.zone(at)}.`;
  const name = platformName(platform);
  const lines =
    room === null
      ? [
          `${time} Trading, stops and limits go on as before.`,
          "What you say here is heard; what is to be said there waits.",
          `Look at the token, at this machine's network and at ${name}'s own status page.`,
        ]
      : [
          `${time} Room ${room}: nothing can be said there.`,
          `The other rooms on ${name} hear everything.`,
          "Let the desk in again, or take the room out of people.yaml.",
        ];
  const said = card({
    headline: `${loudly(platform)}${room === null ? "" : " room"} SILENT: ${why}${count > 1 ? ` · ${count} times` : ""}`,
    mark: "⚠️",
    lines: [...lines, count > 1 && since !== null ? `Since ${clock.minutes(since)}` : null],
    buttons: BUTTONS,
    event: eventId(seq),
  });
  return [
    alert({
      card: said,
      priority: "P1",
      topic: "incidents",
      key,
      edit: count > 1,
      notOn: room ?? platform,
    }),
  ];
};

export const recovered: Voice<EventOf<"chat.recovered">> = (event, seq, at, context) => {
  const { clock } = context;
  const { platform, room, silentMs } = event;
  const { key, count } = rolling(event, seq, context);
  const said = card({
    headline: `${loudly(platform)}${room === null ? "" : " room"} back after ${age(silentMs)}`,
    lines: [
      room === null ? null : `Room ${room}`,
      `${clock.seconds(at)} ${clock.zone(at)}. ${room === null ? "What waited is being said there now." : "What was said meanwhile was not told there."}`,
      count > 1 ? `Silent ${count} times` : null,
    ],
    buttons: BUTTONS,
    event: eventId(seq),
  });
  const common = { card: said, priority: "P1", topic: "incidents" } as const;
  const notOn = room ?? platform;
  if (count > 1 && silentMs < OUTAGE_MS) return [alert({ ...common, key, edit: true, notOn })];
  // Twice under one name: where it was told that it fell silent, and where it is back.
  return [alert({ ...common, under: key, notOn }), alert({ ...common, under: key })];
};
