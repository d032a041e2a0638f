/** The database takes nothing, or does again: while it does not, nothing protects what is held, and that must ring. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { age } from "../src/chat/format.ts";
import { holdingText } from "../src/chat/glance.ts";
import type { EventOf } from "../src/core/engine/event.ts";

const BUTTONS = [button("Status", "/status"), button("Kill…", "/kill")];

export const lost: Voice<EventOf<"journal.lost">> = ({ why, holdings }, seq, at, { clock }) => {
  const said = card({
    headline: "DATABASE DOWN: no order leaves",
    mark: "🔴",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}: ${why}`,
      holdings.length > 0 ? `STOPS ARE OFF. Holding ${few(holdings.map(holdingText), 3)}.` : null,
      "Cancels and /kill work. Entries wait for /resume once it is back.",
    ],
    buttons: BUTTONS,
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P0", topic: "incidents" })];
};

export const recovered: Voice<EventOf<"journal.recovered">> = (
  { silentMs },
  seq,
  at,
  { clock },
) => {
  const said = card({
    headline: `Database is back after ${age(silentMs)}`,
    lines: [`${clock.seconds(at)} ${clock.zone(at)}. Exits work again; entries wait for /resume.`],
    buttons: BUTTONS.slice(0, 1),
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents" })];
};
