/** What each room was shown last of each request that waits, by its card or by one that rang for a step: whoever answers there is taken to have seen that. */
import { confirmationKey, rootKey } from "../chat/alert-memory.ts";
import type { Card } from "../chat/card.ts";
import { cardText, SEEN_DIGITS } from "../chat/card-text.ts";
import { normalCode } from "../core/control/code.ts";
import type { Request } from "../core/control/request.ts";
import type { DeskView } from "../core/engine/views.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { AuditBook } from "../ports/audit.ts";
import type { Delivery } from "../ports/deliveries.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import { lateness, within } from "./within.ts";

export interface Shown {
  /** A row was recorded as sent. The card is the row's own: a label or a late hour is not part of what is hashed. */
  delivered(row: Pick<Delivery, "room" | "key" | "card">): void;
  /** What earlier runs showed of what still waits. Never rejects. */
  start(pending: DeskView["pending"]): Promise<void>;
  /** The answer with what its room was shown; any other request as it is. */
  seen(request: Request, room: RoomId, pending: DeskView["pending"]): Request;
}

export interface ShownDoors {
  readonly timers: Timers;
  readonly log: Log;
  readonly book: Pick<AuditBook, "shown">;
  /** SHA-256, in hex. */
  readonly digest: (text: string) => string;
}

const KEY = "confirmation:";
const PATIENCE_MS = 5_000;
/** Requests in rooms. */
const MOST = 500;

export function shownCards({ timers, log, book, digest }: ShownDoors): Shown {
  const cards = new Map<string, Card>();
  const nameOf = (room: RoomId, key: string): string => `${room} ${key}`;
  const put = (name: string, card: Card): void => {
    cards.delete(name);
    cards.set(name, card);
    for (const oldest of cards.keys()) {
      if (cards.size <= MOST) break;
      cards.delete(oldest);
    }
  };
  return {
    delivered({ room, key, card }) {
      if (key?.startsWith(KEY)) put(nameOf(room, rootKey(key)), card);
    },
    async start(pending) {
      const ids = pending.map(({ id }) => id);
      if (ids.length === 0) return;
      const found = await within(timers, PATIENCE_MS, () => book.shown(ids));
      if (!found.ok) {
        return log.warn("what people were shown is not known", { why: lateness(found.error) });
      }
      for (const { room, confirmation, card } of found.value) {
        const name = nameOf(room, confirmationKey(confirmation));
        // What this run showed is newer.
        if (!cards.has(name)) put(name, card);
      }
    },
    seen(request, room, pending) {
      if (request.verb !== "confirm" && request.verb !== "approve" && request.verb !== "deny") {
        return request;
      }
      const { confirmation, code } = request;
      const open = pending.find(({ id, code: own }) =>
        confirmation === undefined ? own === normalCode(code) : id === confirmation,
      );
      const card = open && cards.get(nameOf(room, confirmationKey(open.id)));
      if (!card) return request;
      return { ...request, saw: digest(cardText(card)).slice(0, SEEN_DIGITS) };
    },
  };
}
