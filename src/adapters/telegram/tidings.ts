/** What an update says beside what somebody says: ids in use, groups that move, rooms we were put out of or let in again. */
import type { Book } from "./book.ts";
import type { Places } from "./places.ts";
import { type Json, record, text, whole, within } from "./shape.ts";

const ABSENT = new Set(["kicked", "left"]);

export interface Heeding {
  readonly book: Book;
  readonly places: Places;
  /** Something was heard of this chat; `anew`: we were let in. */
  readonly met: (chat: number, anew: boolean) => void;
}

/** Takes note; never throws. */
export function heed(update: unknown, { book, places, met }: Heeding): void {
  const of = record(update);
  for (const name of ["message", "edited_message", "channel_post", "edited_channel_post"]) {
    const message = within(of, name);
    const chat = whole(within(message, "chat"), "id");
    const id = whole(message, "message_id");
    if (message === null || chat === null) continue;
    if (id !== null) book.taken(chat, id);
    if (name !== "message") continue;
    heedMove(message, chat, places);
    met(chat, false);
  }
  // A pressed message is ours, and may be the very one that is looked for.
  const pressed = within(within(of, "callback_query"), "message");
  const chat = whole(within(pressed, "chat"), "id");
  const id = whole(pressed, "message_id");
  if (chat !== null && id !== null) book.heard(chat, id);
  const member = within(of, "my_chat_member");
  if (member !== null) heedMembership(member, places, met);
}

/** Told twice, in the old chat and in the new one; whichever comes first. */
function heedMove(message: Json, chat: number, places: Places): void {
  const to = whole(message, "migrate_to_chat_id");
  const from = whole(message, "migrate_from_chat_id");
  if (to !== null) places.moved(chat, to);
  if (from !== null) places.moved(from, chat);
}

function heedMembership(member: Json, places: Places, met: Heeding["met"]): void {
  const chat = whole(within(member, "chat"), "id");
  const before = text(within(member, "old_chat_member"), "status");
  const now = text(within(member, "new_chat_member"), "status");
  if (chat === null || now === null) return;
  if (!ABSENT.has(now)) met(chat, true);
  for (const room of places.within(chat)) {
    if (ABSENT.has(now)) {
      places.lost(room, now === "kicked" ? "the bot was blocked or removed" : "the bot has left");
    } else {
      places.back(room, before !== null && ABSENT.has(before));
    }
  }
}
