/** Changes of the policy: by a person, at a start, or because the time of a temporary cap is over. */
import { type Alert, alert, type Voice } from "../src/chat/alert.ts";
import { requestKey } from "../src/chat/alert-memory.ts";
import { clean } from "../src/chat/clean.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { many } from "../src/chat/format.ts";
import { shortKey } from "../src/chat/limit-key.ts";
import { limitChange, limitValue } from "../src/chat/proposal.ts";
import type { EventOf } from "../src/core/engine/event.ts";

const LIMITS = button("Limits", "/limits");

type Changed = EventOf<"limit.changed">;

/** Up to what was approved is not beyond it; the same value for another time is neither up nor down. */
function wordOf({ from, to, raise, restores, until }: Changed): string {
  if (from === to) return "KEPT";
  if (!raise) return "LOWERED";
  return restores === true && until === undefined ? "RESTORED" : "RAISED";
}

export const limitChanged: Voice<Changed> = (event, seq, at, { clock, memory }) => {
  const { key, to, from, raise, until, reason, approved, by } = event;
  const what = from === to ? limitChange(event).replace(/ → .*$/, "") : limitChange(event);
  const beyond = raise && approved !== undefined && approved !== from && approved !== to;
  const said = card({
    headline: `${wordOf(event)} ${what}`,
    mark: raise ? "⚠️" : "",
    lines: [
      until === undefined
        ? null
        : `Until ${clock.day(until)} ${clock.seconds(until)} ${clock.zone(until)}`,
      beyond ? `Approved in full: ${limitValue(key, approved)}` : null,
      reason === undefined ? null : `Because "${clean(reason, 120)}"`,
      `By ${by.name}, ${clock.seconds(at)} ${clock.zone(at)}`,
    ],
    buttons: [LIMITS],
    event: eventId(seq),
  });
  return [
    alert({
      card: said,
      priority: "P1",
      topic: "incidents",
      replyTo: by.room,
      under: requestKey(memory, by),
    }),
  ];
};

/** Whoever relies on a raised cap hears of its end before it comes. */
export const limitEnding: Voice<EventOf<"limit.ending">> = (event, seq, _at, { clock }) => {
  const { until } = event;
  const said = card({
    headline: `SOON ${limitChange(event)}`,
    lines: [`The raise ends at ${clock.seconds(until)} ${clock.zone(until)}`],
    buttons: [LIMITS],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents" })];
};

/** The time of a temporary cap is over. */
export const limitReverted: Voice<EventOf<"limit.reverted">> = (event, seq) => {
  const said = card({
    headline: `REVERTED ${limitChange(event)}`,
    lines: ["The time of the temporary value is over"],
    buttons: [LIMITS],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents" })];
};

/** Silent when the file and the journal agree. */
export const policyAdopted: Voice<EventOf<"policy.adopted">> = (event, seq, _at, context) => {
  const { kept, lowered = [], by, change } = event;
  if (by && change) return taken(by, change, seq, context.memory);
  const [first] = kept;
  if (first === undefined && lowered.length === 0) return [];
  const parts = [
    first === undefined ? null : `${many(kept.length, "key")} kept stricter than the file`,
    lowered.length === 0 ? null : `${many(lowered.length, "key")} made as strict as the file`,
  ];
  const said = card({
    headline: `POLICY: ${parts.filter((part) => part !== null).join(", ")}`,
    mark: "⚠️",
    lines: [
      first === undefined ? null : few(kept.map(shortKey), 5),
      first === undefined
        ? null
        : `What the file loosens has to be asked for: /limits set ${shortKey(first)} file`,
      lowered.length === 0 ? null : `Now as the file: ${few(lowered.map(shortKey), 5)}`,
    ],
    buttons: [LIMITS],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents" })];
};

type Adopted = EventOf<"policy.adopted">;

function taken(
  by: NonNullable<Adopted["by"]>,
  change: NonNullable<Adopted["change"]>,
  seq: number,
  memory: Parameters<typeof requestKey>[0],
): readonly Alert[] {
  const said = card({
    headline: `POLICY: ${shortKey(change.key)} taken from the file`,
    mark: "⚠️",
    lines: [`Was: ${change.from}`, `Is: ${change.to}`, `By ${by.name}`],
    buttons: [LIMITS],
    event: eventId(seq),
  });
  const under = requestKey(memory, by);
  return [alert({ card: said, priority: "P1", topic: "incidents", replyTo: by.room, under })];
}
