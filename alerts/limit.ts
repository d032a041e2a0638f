/** Changes of the policy, by a person or at start. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { requestKey } from "../src/chat/alert-memory.ts";
import { button, card, few } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { many } from "../src/chat/format.ts";
import { shortKey } from "../src/chat/limit-key.ts";
import { limitChange } from "../src/chat/proposal.ts";
import type { EventOf } from "../src/core/engine/event.ts";

const LIMITS = button("Limits", "/limits");

export const limitChanged: Voice<EventOf<"limit.changed">> = (event, seq, at, context) => {
  const { clock, memory } = context;
  const said = card({
    headline: `${event.raise ? "RAISED" : "LOWERED"} ${limitChange(event)}`,
    mark: event.raise ? "⚠️" : "",
    lines: [`By ${event.by.name}, ${clock.seconds(at)} ${clock.zone(at)}`],
    buttons: [LIMITS],
    event: eventId(seq),
  });
  return [
    alert({
      card: said,
      priority: "P1",
      topic: "incidents",
      replyTo: event.by.room,
      under: requestKey(memory, event.by),
    }),
  ];
};

/** Silent when the file and the journal agree. */
export const policyAdopted: Voice<EventOf<"policy.adopted">> = ({ kept }, seq) => {
  if (kept.length === 0) return [];
  const said = card({
    headline: `POLICY: ${many(kept.length, "key")} kept stricter than the file`,
    mark: "⚠️",
    lines: [few(kept.map(shortKey), 5), "What the file loosens has to be asked for: /limits set"],
    buttons: [LIMITS],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents" })];
};
