/** A chat platform or a room of it falls silent and comes back: told where people can still be reached. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { age } from "../src/chat/format.ts";
import { platformName } from "../src/chat/platform.ts";
import type { EventOf } from "../src/core/engine/event.ts";

type Where = Pick<EventOf<"chat.lost">, "platform" | "room">;

const BUTTONS = [button("Status", "/status"), button("Pause", "/pause")];

const key = ({ platform, room }: Where): string => `chat:${room ?? platform}`;

const loudly = (platform: string): string => platformName(platform).toUpperCase();

export const lost: Voice<EventOf<"chat.lost">> = (event, seq, at, { clock }) => {
  const { platform, room, why } = event;
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
    headline: `${loudly(platform)}${room === null ? "" : " room"} SILENT: ${why}`,
    mark: "⚠️",
    lines,
    buttons: BUTTONS,
    event: eventId(seq),
  });
  return [
    alert({
      card: said,
      priority: "P1",
      topic: "incidents",
      key: key(event),
      notOn: room === null ? platform : null,
    }),
  ];
};

export const recovered: Voice<EventOf<"chat.recovered">> = (event, seq, at, { clock }) => {
  const { platform, room, silentMs } = event;
  const said = card({
    headline: `${loudly(platform)}${room === null ? "" : " room"} back after ${age(silentMs)}`,
    lines: [
      room === null ? null : `Room ${room}`,
      `${clock.seconds(at)} ${clock.zone(at)}. What waited is being said there now.`,
    ],
    buttons: BUTTONS,
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents", under: key(event) })];
};
