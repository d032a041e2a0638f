/** Breakers and halts: what stopped the desk, what it holds, what clears it. These wake people. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { tripText } from "../src/chat/breaker.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { many } from "../src/chat/format.ts";
import { dayLine, holdingLine } from "../src/chat/glance.ts";
import type { EventOf } from "../src/core/engine/event.ts";

/** A thumb may slip on the button: it pauses first and asks. Typed, /kill acts at once. */
const BUTTONS = [button("Status", "/status"), button("Kill…", "/kill ?", true)];

/** How the emergency goes on. */
const ENDS = "Everything is cancelled, then the process ends. The next start is killed.";

export const trip: Voice<EventOf<"breaker.tripped">> = (event, seq, at, { clock }) => {
  const { breaker, product } = event.trip;
  // It halts the desk in the same breath, and that is told with the same figures.
  if (breaker === "unknown-orders") return [];
  const ends = breaker === "error-rate";
  const stopped = product === undefined ? "Entries stopped" : `Entries of ${product} stopped`;
  const said = card({
    headline: `TRIPPED ${tripText(event.trip)}`,
    mark: "🔴",
    lines: [
      `${clock.minutes(at)} ${clock.zone(at)}. ${ends ? ENDS : `${stopped}; exits still work.`}`,
      holdingLine(event.holdings),
      `${many(event.openOrders, "open order")} · ${dayLine(event.glance)}`,
      `Stays tripped until ${ends ? "/rearm and " : ""}/resume${product === undefined ? "" : ` ${product}`}, then /confirm with the code it answers`,
    ],
    buttons: BUTTONS,
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P0", topic: "incidents" })];
};

export const cleared: Voice<EventOf<"breaker.cleared">> = (event, seq, at, { clock }) => {
  const said = card({
    headline: `CLEARED ${tripText(event.trip)}`,
    lines: [
      `${clock.minutes(at)} ${clock.zone(at)}, by itself: ${event.why}.`,
      "What else has tripped or is paused stays so.",
    ],
    buttons: [button("Status", "/status"), button("Pause", "/pause")],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents" })];
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
