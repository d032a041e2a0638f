/** Orders that a person must look at: what does not fit together, what waits for it, and what to do. */
import { alert, type Voice } from "../src/chat/alert.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import type { Quarantine } from "../src/core/order/state.ts";
import { named, tail } from "./order.ts";
import { toAsker } from "./order-key.ts";

interface Meaning {
  /** `P0` where money may be at stake that nobody sees. */
  readonly priority: "P0" | "P1";
  readonly word: string;
  readonly means: string;
  /** What to look for at the venue. */
  readonly look: string;
  readonly ends: string;
}

const BY_A_PERSON =
  "Then /resume, paused or not (killed or halted: /rearm): it takes what is booked for right.";
const BY_ITSELF =
  "It ends by itself once the venue shows what became of it. The desk keeps looking.";
const BY_EITHER =
  "It ends by itself once the venue shows it; /resume (killed or halted: /rearm) takes it for over.";

const MEANING: Readonly<Record<Quarantine, Meaning>> = {
  unknown: {
    priority: "P0",
    word: "fate unknown",
    means: "Sent minutes ago, and no search proves that it exists or not. It counts as open.",
    look: "Is it there? Cancel it if so.",
    ends: BY_ITSELF,
  },
  lost: {
    priority: "P0",
    word: "lost by the venue",
    means: "The venue took it and no longer knows it. It counts as open.",
    look: "Is it there, or did it fill?",
    ends: BY_EITHER,
  },
  "two-orders": {
    priority: "P0",
    word: "is two orders",
    means: "The venue has two orders under its one name. Both count.",
    look: "Cancel the one that is too many.",
    ends: BY_A_PERSON,
  },
  "other-terms": {
    priority: "P0",
    word: "is another order",
    means:
      "What stands under its name is not what was decided. Somebody else may write in our name.",
    look: "Who placed it? Cancel it if nobody knows.",
    ends: BY_A_PERSON,
  },
  overfilled: {
    priority: "P0",
    word: "overfilled",
    means: "More executed than was ordered. All of it is booked.",
    look: "Is more held than is meant?",
    ends: BY_A_PERSON,
  },
  unproven: {
    priority: "P1",
    word: "unproven",
    means: "Its trades do not add up to what the venue says it executed.",
    look: "Compare its fills and fees.",
    ends: BY_A_PERSON,
  },
  adjusted: {
    priority: "P1",
    word: "adjusted by the venue",
    means: "The venue reversed or corrected one of its trades. Nothing was booked for it.",
    look: "What was taken back, or given?",
    ends: BY_A_PERSON,
  },
};

export const quarantined: Voice<EventOf<"order.quarantined">> = (event, seq, _at, context) => {
  const { priority, word, means, look, ends } = MEANING[event.why];
  const known = context.memory.orders.get(event.order);
  const said = card({
    headline: `QUARANTINED ${named(event.order, known)}: ${word}`,
    mark: priority === "P0" ? "🔴" : "⚠️",
    lines: [
      means,
      event.detail,
      `Entries of ${event.product} wait; exits still work.`,
      `Look at the venue: ${look}`,
      ends,
      tail(event.order),
    ],
    buttons: [
      button("Orders", "/orders"),
      button("Reconcile", "/reconcile"),
      button("Pause", "/pause"),
    ],
    event: eventId(seq),
  });
  return [alert({ card: said, topic: "incidents", ...toAsker(known), priority })];
};
