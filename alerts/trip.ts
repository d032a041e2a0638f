/** Breakers and halts: what stopped the desk, what it holds, what clears it. These wake people. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { many } from "../src/chat/format.ts";
import { dayLine, holdingLine, tripText } from "../src/chat/glance.ts";
import type { EventOf } from "../src/core/engine/event.ts";

/** A thumb may slip on the button: it pauses first and asks. Typed, /kill acts at once. */
const BUTTONS = [button("Status", "/status"), button("Kill…", "/kill ?", true)];

export const trip: Voice<EventOf<"breaker.tripped">> = (event, seq, at, { clock }) => {
  const said = card({
    headline: `TRIPPED ${tripText(event.trip)}`,
    mark: "🔴",
    lines: [
      `${clock.minutes(at)} ${clock.zone(at)}. Entries stopped; exits still work.`,
      holdingLine(event.holdings),
      `${many(event.openOrders, "open order")} · ${dayLine(event.glance)}`,
      "Stays tripped until /resume, then /confirm with the code it answers",
    ],
    buttons: BUTTONS,
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P0", topic: "incidents" })];
};

export const halt: Voice<EventOf<"trading.halted">> = ({ latch }, seq, at, { clock }) => {
  const said = card({
    headline: `HALTED: ${latch.reason}`,
    mark: "🔴",
    lines: [
      `${clock.minutes(at)} ${clock.zone(at)}. Nothing but cancels and a confirmed /flatten.`,
      "STOPS ARE OFF while halted.",
      "Stays halted until /rearm, which lands paused",
    ],
    buttons: BUTTONS,
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P0", topic: "incidents" })];
};
