/** Telegram's mouth: sends and edits, says exactly how that went, and finds a message again that was perhaps shown. */
import type { RoomId } from "../../core/kernel/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Delivery } from "../../ports/deliveries.ts";
import type { Log } from "../../ports/log.ts";
import type { Messenger, Sent } from "../../ports/messenger.ts";
import type { Seal } from "../../ports/seal.ts";
import { PLATFORM } from "./address.ts";
import { type Api, type Failure, failureText, isUnauthorized } from "./api.ts";
import type { Book } from "./book.ts";
import { edit } from "./edit.ts";
import { outgoing } from "./outgoing.ts";
import type { Place, Places } from "./places.ts";
import { type Mended, post } from "./post.ts";
import { markOf, probe } from "./probe.ts";
import type { Prompts } from "./prompts.ts";
import { openTraffic } from "./traffic.ts";

export interface MessengerDoors {
  readonly api: Api;
  readonly book: Book;
  readonly places: Places;
  readonly prompts: Prompts;
  readonly clock: Clock;
  readonly log: Log;
  readonly seal: Seal;
}

/** One sending with all its mending takes no longer, so that whoever waits for it still hears how it ended. */
const SENDING_MS = 18_000;
const UNREACHED_RETRY_MS = 1_000;
/** Waiting is no cure, but the wait that grows with each try ends the moment we are let in again. */
const UNAUTHORIZED_RETRY_MS = 1_000;
/** When Telegram does not say how long. */
const THROTTLED_RETRY_MS = 5_000;
/** The id of a message that was not shown because another one says the same. */
const UNSHOWN = "0";

const SHUT =
  /chat not found|PEER_ID_INVALID|was deactivated|CHAT_[A-Z_]*FORBIDDEN|CHAT_RESTRICTED|not enough rights|have no rights|need administrator rights|not a member/i;

export function telegramMessenger(doors: MessengerDoors): Messenger {
  const { book, places, clock, seal } = doors;
  const turns = openTraffic(clock);
  return {
    platform: PLATFORM,
    send(delivery, heading) {
      const place = places.of(delivery.room);
      if (!place) return Promise.resolve({ kind: "refused", why: "not a room of Telegram" });
      const until = clock.now() + SENDING_MS;
      return turns.send(place.configured, delivery, () =>
        send(doors, place, delivery, heading, until),
      );
    },
    mark(room: RoomId) {
      const place = places.of(room);
      return place && markOf(book, place.chat);
    },
    find(delivery, heading) {
      const place = places.of(delivery.room);
      if (!place) {
        return Promise.resolve({ kind: "unknown", why: "not a room of Telegram", afterMs: null });
      }
      const out = outgoing(delivery.card, heading, seal);
      return turns.search(place.configured, delivery, () => probe(doors, place, delivery, out));
    },
    recall(room, messageIds) {
      const place = places.of(room);
      for (const text of place ? messageIds : []) {
        const id = place && places.idAt(place, text);
        if (place && id !== null) book.taken(place.chat, id);
      }
    },
  };
}

async function send(
  doors: MessengerDoors,
  place: Place,
  delivery: Delivery,
  heading: string,
  until: number,
): Promise<Sent> {
  const { api, book, places, prompts, clock, log, seal } = doors;
  const leftMs = (): number => until - clock.now();
  const out = outgoing(delivery.card, heading, seal);
  const shown = (id: number): Sent => {
    const now = places.of(delivery.room) ?? place;
    book.taken(now.chat, id);
    if (delivery.card.asks) prompts.asked(now.chat, id, delivery.card.asks);
    places.back(delivery.room, false);
    return { kind: "sent", messageId: places.idText(now, id) };
  };

  const { room, lane, rootId } = delivery;
  const old = delivery.edit ? places.idAt(place, delivery.messageId) : null;
  if (old !== null) {
    const edited = await edit({ api, leftMs }, { chat: place.chat, id: old }, out, true);
    if (edited.kind === "there") return shown(old);
    if (edited.kind === "failed" && !moves(edited.failure, place, places)) {
      return outcome(edited.failure, delivery.room, places);
    }
  }
  if (delivery.edit && delivery.card.echo) {
    return { kind: "sent", messageId: delivery.messageId ?? UNSHOWN };
  }
  const mended = (how: Mended, chat: number, why: Failure): void => {
    if (how === "moved") places.moved(place.chat, chat);
    log.warn("a message was sent otherwise than meant", { room, how, why: failureText(why) });
  };
  const { chat, topic } = places.of(room) ?? place;
  const replyTo = chat === place.chat ? places.idAt(place, rootId) : null;
  const target = { chat, topic, replyTo, silent: lane === "info" };
  const posted = await post({ api, leftMs, mended }, target, out);
  if (posted.kind === "sent") return shown(posted.id);
  const ended = outcome(posted.failure, room, places);
  // The edit that was asked for has become a message of its own, and is looked for as one.
  return old !== null && ended.kind === "ambiguous" ? { ...ended, anew: true } : ended;
}

/** An edit that fails because its group has moved: the message stays behind, and is told anew where the group is now. */
function moves(failure: Failure, place: Place, places: Places): boolean {
  if (failure.kind !== "error" || failure.migrateTo === null) return false;
  places.moved(place.chat, failure.migrateTo);
  return true;
}

function outcome(failure: Failure, room: RoomId, places: Places): Sent {
  const why = failureText(failure);
  if (failure.kind === "ambiguous") return { kind: "ambiguous", why };
  if (failure.kind === "not-sent") return { kind: "not-sent", why, afterMs: UNREACHED_RETRY_MS };
  if (failure.code === 429) {
    const afterMs = failure.retryAfterMs ?? THROTTLED_RETRY_MS;
    return { kind: "not-sent", why, afterMs };
  }
  if (isUnauthorized(failure)) {
    return { kind: "not-sent", why, afterMs: UNAUTHORIZED_RETRY_MS };
  }
  if (failure.code === 403 || SHUT.test(failure.description)) places.lost(room, why);
  return { kind: "refused", why };
}
