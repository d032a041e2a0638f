/** The three lanes of outgoing messages: which one an alert takes, and what becomes of a message that did not get through. */
import type { Alert } from "../chat/alert.ts";
import type { Card, Priority } from "../chat/card.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Delivery, Lane } from "../ports/deliveries.ts";
import type { Sent } from "../ports/messenger.ts";

interface LaneRule {
  /** How often a message is sent of which no evidence can be had; beyond the first it says "possibly repeated". */
  readonly sends: number;
  /** How long it is worth saying at all. */
  readonly keepMs: number;
}

export const LANES: Readonly<Record<Lane, LaneRule>> = {
  critical: { sends: 4, keepMs: 86_400_000 },
  reply: { sends: 3, keepMs: 3_600_000 },
  info: { sends: 1, keepMs: 86_400_000 },
};

const RANK: Readonly<Record<Lane, number>> = { critical: 0, reply: 1, info: 2 };

export const moreUrgent = (lane: Lane, than: Lane): boolean => RANK[lane] < RANK[than];

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

export const isCritical = (priority: Priority): boolean => priority === "P0" || priority === "P1";

/** The room that asked is answered in order with its other answers, but for what wakes people and what they must confirm. */
export function laneFor(alert: Alert, room: RoomId): Lane {
  if (alert.priority === "P0") return "critical";
  const answers = alert.replyTo === room && !alert.edit;
  if (answers && !(alert.priority === "P1" && isConfirmation(alert.card))) return "reply";
  return isCritical(alert.priority) ? "critical" : "info";
}

const isConfirmation = ({ buttons, asks }: Card): boolean =>
  asks !== undefined || buttons.some(({ answers }) => answers !== undefined);

export type Next =
  | { readonly kind: "delivered"; readonly messageId: string }
  /** The whole room is silent for as long as the platform asked, its lane and those below for as long as is wise. */
  | {
      readonly kind: "retry";
      readonly why: string;
      readonly silentMs: number;
      readonly afterMs: number;
    }
  /** Perhaps shown: it is looked for, or repeated. `anew`: an edit that perhaps became a message of its own. */
  | {
      readonly kind: "uncertain";
      readonly why: string;
      readonly afterMs: number;
      readonly anew: boolean;
    }
  /** `refused`: the room refuses everything. */
  | { readonly kind: "give-up"; readonly why: string; readonly refused: boolean };

/** 1, 2, 4 … 30 s */
export const backoffMs = (failures: number): number =>
  Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10));

/** `attempts` counts the one just made. */
export function afterSend(sent: Sent, row: Delivery, attempts: number, ageMs: number): Next {
  const old = ageMs > LANES[row.lane].keepMs;
  switch (sent.kind) {
    case "sent":
      return { kind: "delivered", messageId: sent.messageId };
    case "refused":
      return { kind: "give-up", why: `refused: ${sent.why}`, refused: true };
    case "not-sent": {
      if (old) return { kind: "give-up", why: `too old: ${sent.why}`, refused: false };
      const afterMs = Math.max(sent.afterMs, backoffMs(attempts - 1));
      return { kind: "retry", why: sent.why, silentMs: sent.afterMs, afterMs };
    }
    case "ambiguous": {
      const anew = sent.anew === true;
      const spent = editsKnown(row) && !anew && attempts >= LANES[row.lane].sends;
      if (old || spent) {
        return { kind: "give-up", why: `perhaps shown: ${sent.why}`, refused: false };
      }
      return { kind: "uncertain", why: sent.why, afterMs: backoffMs(attempts - 1), anew };
    }
  }
}

/** Repeating such an edit shows nothing twice: it needs no evidence, and nothing has to wait for it. */
export const editsKnown = (row: Delivery): boolean => row.edit && row.messageId !== null;
