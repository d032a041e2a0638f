/**
 * The one word that people read for an order, and which word may follow which. The word is made of what is known; the table
 * decides nothing, but a change that it does not have is a mistake of ours, and the desk halts on it.
 */
import { isFinal } from "./merge.ts";
import type { Order } from "./state.ts";

export const LIFE_STATES = [
  "planned",
  "released",
  "unknown",
  "refused",
  "absent",
  "accepted",
  "pending",
  "open",
  "partly filled",
  "cancelling",
  "filled",
  "cancelled",
  "expired",
  "failed",
  "quarantined",
  "settled",
] as const;
export type LifeState = (typeof LIFE_STATES)[number];

export function displayState(order: Order): LifeState {
  const { progress, submission, executed, cancelAskedAt } = order;
  if (order.quarantine !== null) return "quarantined";
  if (order.settled) return "settled";
  if (isFinal(progress)) return progress as LifeState;
  if (progress === "none") return submission === "acknowledged" ? "accepted" : submission;
  if (progress === "cancelling" || cancelAskedAt !== null) return "cancelling";
  if (executed.size > 0n) return "partly filled";
  return progress as LifeState;
}

interface Life {
  /** What it means, in one sentence. */
  readonly means: string;
  /** What it is called where orders are spoken of in terms of intents; null: no word of theirs. */
  readonly also: string | null;
  readonly next: readonly LifeState[];
}

const ENDS = ["filled", "cancelled", "expired", "failed"] as const;
export const LIFE: Readonly<Record<LifeState, Life>> = {
  planned: {
    means:
      "decided, let through by the gate, reserved and recorded; from now on it may be on its way",
    also: "intent created, risk approved, sent",
    next: ["released", "unknown", "refused", "accepted", "quarantined"],
  },
  released: {
    means: "it provably never left; its reservation is free again",
    also: "rejected",
    next: ["accepted", "quarantined"],
  },
  unknown: {
    means: "sent, and nobody knows what became of it: it counts at its worst and is searched for",
    also: null,
    next: ["released", "refused", "absent", "accepted", "quarantined"],
  },
  refused: {
    means: "the venue said no",
    also: "rejected",
    next: ["accepted", "quarantined"],
  },
  absent: {
    means: "two whole searches, begun when the venue could not let it in any more, did not find it",
    also: "rejected",
    next: ["accepted", "quarantined"],
  },
  accepted: {
    means: "the venue has it and has said no more yet",
    also: "accepted",
    next: ["pending", "open", "partly filled", "cancelling", ...ENDS, "quarantined"],
  },
  pending: {
    means: "the venue has it and it is not on the book yet",
    also: "accepted",
    next: ["open", "partly filled", "cancelling", "cancelled", "expired", "failed", "quarantined"],
  },
  open: {
    means: "on the book, nothing filled",
    also: "accepted",
    next: ["partly filled", "cancelling", "cancelled", "expired", "failed", "quarantined"],
  },
  "partly filled": {
    means: "on the book, some of it filled",
    also: "partially filled",
    next: ["cancelling", ...ENDS, "quarantined"],
  },
  cancelling: {
    means: "a cancel was asked for; until the venue says how it ended it may still fill",
    also: null,
    next: [...ENDS, "quarantined"],
  },
  filled: {
    means: "all of it executed",
    also: "filled",
    next: ["settled", "quarantined"],
  },
  cancelled: {
    means: "ended before all of it executed; what had filled is booked",
    also: "canceled",
    next: ["filled", "settled", "quarantined"],
  },
  expired: {
    means: "its time was over at the venue",
    also: "canceled",
    next: ["failed", "cancelled", "filled", "settled", "quarantined"],
  },
  failed: {
    means: "the venue gave it up after it had taken it",
    also: "rejected",
    next: ["cancelled", "filled", "settled", "quarantined"],
  },
  quarantined: {
    means:
      "what is known of it does not fit together; it counts at its worst, entries of its product wait, a person looks",
    also: null,
    next: [
      "released",
      "refused",
      "absent",
      "accepted",
      "pending",
      "open",
      "partly filled",
      "cancelling",
      ...ENDS,
      "settled",
    ],
  },
  settled: {
    means:
      "its trades add up to what the venue says, in size, count and fees; nothing more is expected",
    also: "position updated",
    next: [...ENDS, "quarantined"],
  },
};

/** Why the change of word is a mistake, or null when it is none. `before` is null for an order that was not known. */
export function brokenLaw(before: LifeState | null, after: LifeState): string | null {
  if (before === after) return null;
  if (before === null) return after === "planned" ? null : `an order begins ${after}`;
  return LIFE[before].next.includes(after) ? null : `${before} became ${after}`;
}
