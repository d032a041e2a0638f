/** Looks for a message that was perhaps shown: whatever unknown message can be edited into it is it. */
// Telegram has no history to read, but an edit with the same content is refused with words of its own.
import type { Clock } from "../../ports/clock.ts";
import type { Delivery } from "../../ports/deliveries.ts";
import type { Found } from "../../ports/messenger.ts";
import { type Api, type Failure, failureText, isUnauthorized } from "./api.ts";
import { type Book, countOf } from "./book.ts";
import { type Edited, edit } from "./edit.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Place, Places } from "./places.ts";

export interface ProbeDoors {
  readonly api: Api;
  readonly book: Book;
  readonly places: Places;
  readonly clock: Clock;
}

/** How far past the highest known id a message may be: others write too, and not all they write is told to us. */
const BEYOND = 12;
const MOST_PROBES = 60;
/** One search takes no longer; what it ruled out needs no second look. */
const SEARCH_MS = 15_000;
const UNREACHED_RETRY_MS = 2_000;
const UNAUTHORIZED_RETRY_MS = 30_000;
const THROTTLED_RETRY_MS = 5_000;

/** The newest id known of the count that the chat belongs to, with the name of the count: `bot:41`. */
export function markOf(book: Book, chat: number): string | null {
  const newest = book.newest(chat);
  return newest === null ? null : `${countOf(chat)}:${newest}`;
}

export async function probe(
  doors: ProbeDoors,
  place: Place,
  delivery: Delivery,
  out: Outgoing,
): Promise<Found> {
  const { book, places } = doors;
  const { chat } = place;
  const until = doors.clock.now() + SEARCH_MS;
  const look = (id: number): Promise<Edited> =>
    edit(
      { api: doors.api, leftMs: () => until - doors.clock.now() },
      { chat, id },
      out,
      out.picture !== null,
    );
  const shown = (id: number): Found => {
    book.taken(chat, id);
    places.back(delivery.room, false);
    return { kind: "shown", messageId: places.idText(place, id) };
  };

  const old = delivery.edit ? places.idAt(place, delivery.messageId) : null;
  if (old !== null) {
    const edited = await look(old);
    if (edited.kind === "there") return shown(old);
    if (edited.kind === "failed") return unknown(edited.failure);
  }
  const mark = markedAt(delivery.mark, chat);
  if (mark === null)
    return { kind: "unknown", why: "no message was known before it", afterMs: null };
  const newest = Math.max(mark, book.newest(chat) ?? 0);
  let probes = 0;
  for (let id = mark + 1; id <= newest + BEYOND; id += 1) {
    if (book.isOther(chat, id)) continue;
    if (probes >= MOST_PROBES) {
      return { kind: "unknown", why: "too many messages since", afterMs: null };
    }
    probes += 1;
    const edited = await look(id);
    if (edited.kind === "there") return shown(id);
    if (edited.kind === "failed") return unknown(edited.failure);
    // Past the newest id there is nothing yet, which says nothing about later.
    if (id <= newest) book.ruledOut(chat, id);
  }
  return { kind: "absent" };
}

/** Null when there is no mark, or when it is of another count: the group has become a supergroup since. */
function markedAt(mark: string | null, chat: number): number | null {
  const [, count, id] = /^(.+):(\d{1,16})$/.exec(mark ?? "") ?? [];
  return count === countOf(chat) ? Number(id) : null;
}

function unknown(failure: Failure): Found {
  const why = failureText(failure);
  if (failure.kind !== "error") return { kind: "unknown", why, afterMs: UNREACHED_RETRY_MS };
  if (failure.code === 429) {
    return { kind: "unknown", why, afterMs: failure.retryAfterMs ?? THROTTLED_RETRY_MS };
  }
  return { kind: "unknown", why, afterMs: isUnauthorized(failure) ? UNAUTHORIZED_RETRY_MS : null };
}
