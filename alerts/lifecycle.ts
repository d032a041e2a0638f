/** The desk itself: started, stopped, in agreement with the venue or not. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { many } from "../src/chat/format.ts";
import { dayLine, holdingLine } from "../src/chat/glance.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import { differenceLine } from "./difference.ts";

const STATUS = button("Status", "/status");

export const started: Voice<EventOf<"desk.started">> = (event, seq, at, { clock }) => {
  const { orders, positions } = event.recovered;
  const found =
    orders + positions === 0
      ? "nothing to recover"
      : `${many(orders, "order")}, ${many(positions, "position")} recovered`;
  const said = card({
    headline: `STARTED · ${found}`,
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. Trading opens once the venue has been read.`,
      `Version ${event.version}, run ${event.run}`,
    ],
    buttons: [STATUS, button("Pause", "/pause")],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents" })];
};

/** What people call the signals that end a desk. */
const BY_SIGNAL: Readonly<Record<string, string>> = {
  SIGINT: " by Ctrl-C",
  SIGTERM: ": asked by the system",
};

export const stopped: Voice<EventOf<"desk.stopped">> = (event, seq, at, { clock }) => {
  const open = event.openOrders > 0 || event.holdings.length > 0;
  const said = card({
    headline: `STOPPED${BY_SIGNAL[event.why] ?? `: ${event.why}`}`,
    mark: open ? "⚠️" : "",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. ${dayLine(event.glance)}`,
      event.holdings.length === 0
        ? "Holding nothing"
        : `${holdingLine(event.holdings).replaceAll(" active", "")}. Nobody watches the stops now.`,
      event.openOrders === 0
        ? null
        : `${many(event.openOrders, "order stays", "orders stay")} open at the venue.`,
    ],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents" })];
};

/** The first agreement opens trading and is worth a line; later ones speak only when something differs. */
export const reconciled: Voice<EventOf<"venue.reconciled">> = (event, seq, _at, _context) => {
  const { differences, products } = event;
  if (differences.length === 0) {
    if (!event.first) return [];
    const said = card({
      headline: "In agreement with the venue",
      lines: [
        `Products: ${few(
          products.map(({ id }) => id),
          6,
        )}`,
      ],
      buttons: [STATUS],
      event: eventId(seq),
    });
    return [alert({ card: said })];
  }
  // Orders that moved while nobody looked are news; money or orders that are not ours to explain are an alarm.
  const alarming = differences.some((one) => one.what !== "order");
  const said = card({
    headline: `DIFFERS from the venue: ${many(differences.length, "thing")}`,
    mark: alarming ? "🔴" : "⚠️",
    lines: [...differences.map((one) => `${differenceLine(one)};`), "The venue's word was taken."],
    buttons: [STATUS, button("Pause", "/pause")],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: alarming ? "P0" : "P1", topic: "incidents" })];
};
