/** Streams that break and come back: one rolling message each; a long silence rings when it is over. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { feedRoll } from "../src/chat/alert-memory.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { age, many } from "../src/chat/format.ts";
import type { EventOf } from "../src/core/engine/event.ts";

const STATUS = button("Status", "/status");
/** From here on a silence was an outage, not a hiccup. */
const OUTAGE_MS = 30_000;

const EFFECT = {
  market: "No entries on old prices.",
  user: "Fills are read by asking until it is back.",
} as const;

export const broke: Voice<EventOf<"feed.broke">> = (event, seq, at, { memory, clock }) => {
  const name = feedRoll(event.stream);
  const roll = memory.rolls.get(name);
  const count = roll?.count ?? 1;
  const burst = roll?.burst ?? false;
  const said = card({
    headline: `Feed ${event.stream} broke${count > 1 ? ` · ${count} times` : ""}`,
    mark: "⚠️",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}: ${event.cause}`,
      EFFECT[event.stream],
      count > 1 ? `Since ${clock.minutes(roll?.since ?? at)}` : null,
    ],
    buttons: [STATUS],
    event: eventId(seq),
  });
  const key = `${name}:${roll?.root ?? seq}`;
  if (burst) return [alert({ card: said, priority: "P1", topic: "incidents", under: key })];
  return [alert({ card: said, key, edit: count > 1 })];
};

/** Silent when no break was told: the first sign of life of a run is no news. */
export const recovered: Voice<EventOf<"feed.recovered">> = (event, seq, at, { memory, clock }) => {
  const name = feedRoll(event.stream);
  const roll = memory.rolls.get(name);
  if (roll === undefined) return [];
  const said = card({
    headline: `Feed ${event.stream} is back after ${age(event.silentMs)}`,
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}`,
      `${many(roll.count, "break")} since ${clock.minutes(roll.since)}`,
    ],
    buttons: [STATUS],
    event: eventId(seq),
  });
  const key = `${name}:${roll.root}`;
  if (event.silentMs >= OUTAGE_MS)
    return [alert({ card: said, priority: "P1", topic: "incidents", under: key })];
  return [alert({ card: said, key, edit: true })];
};
