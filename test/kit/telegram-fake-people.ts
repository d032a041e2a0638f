/** People in front of the fake Telegram: what they write and press becomes updates. Commands get their entities, as from a real client. */
import type { ChatBook, FakeChat, FakeUser, Json, Place, Shown } from "./telegram-fake-chats.ts";
import type { UpdateQueue } from "./telegram-fake-updates.ts";

export interface People {
  /** `extra` goes into the message. A `reply_to_message` that names a known message is filled in. */
  says(who: FakeUser, where: FakeChat, text: string, extra?: object): number;
  /** Changes a message of a person; the bot hears of it when it asked for `edited_message`. */
  edits(who: FakeUser, where: FakeChat, message: number, text: string, extra?: object): number;
  /** A post in a channel: from nobody. */
  posts(where: FakeChat, text: string, extra?: object): number;
  /** Presses a button of a message as it was shown, even when it has changed since. */
  presses(who: FakeUser, on: Shown, labelOrData: string | RegExp): number;
  push(update: object): number;
  replay(updateId: number, newId?: boolean): number;
  migrate(from: number, to: number): void;
  block(chat: number, isBlocked: boolean): void;
  closeTopic(chat: number, topic: number): void;
}

interface Stage {
  readonly bot: FakeUser;
  readonly book: ChatBook;
  readonly queue: UpdateQueue;
  readonly now: () => number;
  /** A press that may be answered from now on. */
  readonly pressed: (id: string) => void;
}

const ANONYMOUS: FakeUser = {
  id: 1087968824,
  is_bot: true,
  first_name: "Group",
  username: "GroupAnonymousBot",
};

export function people({ bot, book, queue, now, pressed }: Stage): People {
  let presses = 0;
  const date = (): number => Math.floor(now() / 1000);
  const tell = (update: Json, raw = false): number => queue.push(update, raw);

  const write = (place: Place, from: FakeUser | null, text: string, extra: object): Json => {
    const sender = from === null ? {} : { from };
    const fields = { ...sender, date: date(), ...written(text), ...filled(place, extra as Json) };
    return book.add(place, from?.id ?? place.chat.id, fields, { html: text }).json;
  };

  return {
    says: (who, where, text, extra = {}) =>
      tell({ message: write(book.know(where, who), who, text, extra) }),
    posts: (where, text, extra = {}) => {
      const place = book.know(where);
      const origin = { sender_chat: place.json, ...extra };
      return tell({ channel_post: write(place, null, text, origin) });
    },
    edits(who, where, id, text, extra = {}) {
      const message = book.know(where, who).messages.find((each) => each.id === id);
      if (message?.sender !== who.id) throw new Error(`no message ${id} of ${who.first_name}`);
      const { entities: _, ...kept } = message.json;
      message.json = { ...kept, ...written(text), edit_date: date(), ...extra };
      message.html = text;
      message.edits += 1;
      return tell({ edited_message: message.json });
    },
    presses(who, on, labelOrData) {
      const button = on.buttons.flat().find(({ label, data }) => {
        if (typeof labelOrData === "string") return [label, data].includes(labelOrData);
        return labelOrData.test(label) || labelOrData.test(data);
      });
      if (button === undefined || button.data === "") {
        throw new Error(`no button ${labelOrData} under message ${on.id}: ${on.text}`);
      }
      const place = book.place(on.chat);
      const now = place?.messages.find(({ id }) => id === on.id);
      const gone = { message_id: on.id, chat: place?.json, date: 0 };
      presses += 1;
      const id = String(4_380_000_000_000_000_000n + BigInt(presses));
      pressed(id);
      const known = { chat_instance: String(8_000_000_000 + on.chat), data: button.data };
      place?.members.set(who.id, who);
      return tell({ callback_query: { id, from: who, message: now?.json ?? gone, ...known } });
    },
    push(update) {
      const query = (update as Json)["callback_query"] as Json | undefined;
      if (query !== undefined) pressed(String(query["id"]));
      return tell(update as Json, true);
    },
    replay: (id, newId = false) => queue.replay(id, newId),
    migrate(from, to) {
      const old = placeOf(book, from);
      const { title } = old.chat;
      const place = book.know({ id: to, type: "supergroup", title });
      for (const [id, member] of old.members) place.members.set(id, member);
      const by = (chat: Place): Json => ({
        ...{ from: ANONYMOUS, sender_chat: chat.json, date: date() },
      });
      tell({ message: book.add(old, ANONYMOUS.id, { ...by(old), migrate_to_chat_id: to }).json });
      const moved = { ...by(place), migrate_from_chat_id: from };
      tell({ message: book.add(place, ANONYMOUS.id, moved).json });
      old.movedTo = to;
    },
    block(chat, isBlocked) {
      const place = placeOf(book, chat);
      if (place.blocked === isBlocked) return;
      place.blocked = isBlocked;
      const member = { status: "member", user: bot };
      const banned = { status: "kicked", user: bot, until_date: 0 };
      const [before, after] = isBlocked ? [member, banned] : [banned, member];
      const by = [...place.members.values()][0] ?? ANONYMOUS;
      const change = { old_chat_member: before, new_chat_member: after };
      tell({ my_chat_member: { chat: place.json, from: by, date: date(), ...change } });
    },
    closeTopic: (chat, topic) => void placeOf(book, chat).topics.delete(topic),
  };
}

function placeOf(book: ChatBook, chat: number): Place {
  const place = book.place(chat);
  if (place === undefined) throw new Error(`the bot knows no chat ${chat}`);
  return place;
}

function written(text: string): Json {
  const commands = [...text.matchAll(/(?<![\w/<>])\/\w{1,64}(?:@\w{3,32})?(?![\w/<>])/g)];
  const entities = commands.map((found) => ({
    type: "bot_command",
    offset: found.index,
    length: found[0].length,
  }));
  return { text, ...(entities.length > 0 ? { entities } : {}) };
}

/** A client tells of the message that is replied to, but not of what that one replied to. */
function filled(place: Place, extra: Json): Json {
  const reply = extra["reply_to_message"] as Json | undefined;
  const known = place.messages.find(({ id }) => id === reply?.["message_id"]);
  if (known === undefined) return extra;
  const { reply_to_message: _, ...root } = known.json;
  return { ...extra, reply_to_message: { ...root, ...reply } };
}
