/** The three lanes of outgoing messages: which one an alert takes, and what becomes of a message that did not get through. */
import type { Alert } from "../chat/alert.ts";
import type { Priority } from "../chat/card.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Delivery, Lane } from "../ports/deliveries.ts";
import type { Sent } from "../ports/messenger.ts";

interface LaneRule {
  /** How often a message that was perhaps shown is sent; beyond the first it says "possibly repeated". */
  readonly sends: number;
  /** How long it is worth saying at all. */
  readonly keepMs: number;
}

export const LANES: Readonly<Record<Lane, LaneRule>> = {
  critical: { sends: 4, keepMs: 86_400_000 },
  reply: { sends: 3, keepMs: 3_600_000 },
  info: { sends: 1, keepMs: 86_400_000 },
};

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 120_000;

export const isCritical = (priority: Priority): boolean => priority === "P0" || priority === "P1";

/** The room that asked is answered in order with its other answers, but for what wakes people. */
export function laneFor(alert: Alert, room: RoomId): Lane {
  if (alert.priority === "P0") return "critical";
  if (alert.replyTo === room && !alert.edit) return "reply";
  return isCritical(alert.priority) ? "critical" : "info";
}

export type Next =
  | { readonly kind: "delivered"; readonly messageId: string }
  | { readonly kind: "retry"; readonly why: string; readonly afterMs: number }
  /** Perhaps shown: the row stays uncertain, and is looked at again. */
  | { readonly kind: "uncertain"; readonly why: string; readonly afterMs: number }
  | { readonly kind: "give-up"; readonly why: string };

/** 1, 2, 4 … 120 s */
export const backoffMs = (attempts: number): number =>
  Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, 10));

/** `attempts` counts the one just made. */
export function afterSend(sent: Sent, row: Delivery, attempts: number, ageMs: number): Next {
  const old = ageMs > LANES[row.lane].keepMs;
  switch (sent.kind) {
    case "sent":
      return { kind: "delivered", messageId: sent.messageId };
    case "refused":
      return { kind: "give-up", why: `refused: ${sent.why}` };
    case "not-sent":
      if (old) return { kind: "give-up", why: `too old: ${sent.why}` };
      return {
        kind: "retry",
        why: sent.why,
        afterMs: Math.max(sent.afterMs, backoffMs(attempts - 1)),
      };
    case "ambiguous":
      if (attempts >= LANES[row.lane].sends || old) {
        return { kind: "give-up", why: `perhaps shown: ${sent.why}` };
      }
      return { kind: "uncertain", why: sent.why, afterMs: backoffMs(attempts - 1) };
  }
}

/** Repeating an edit shows nothing twice; anything else that was perhaps shown is repeated only where its lane allows. */
export function mayRepeat(row: Delivery): "freely" | "labelled" | "never" {
  if (row.edit && row.messageId !== null) return "freely";
  return row.attempts < LANES[row.lane].sends ? "labelled" : "never";
}
