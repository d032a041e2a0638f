/** Requests that changed nothing: told to whoever asked and to nobody else. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { withShortKeys } from "../src/chat/limit-key.ts";
import type { EventOf } from "../src/core/engine/event.ts";

export const answered: Voice<EventOf<"request.answered">> = (event, seq) => {
  const said = card({
    headline: `/${event.verb}${result(event)}`,
    lines: [withShortKeys(event.why)],
    event: eventId(seq),
  });
  return [alert({ card: said, topic: "reply-only", replyTo: event.by.room })];
};

/** What is only read has nothing to change. */
const result = ({ refused, verb }: EventOf<"request.answered">): string => {
  if (refused) return " refused";
  return verb === "reconcile" ? " begun" : ": nothing to change";
};
