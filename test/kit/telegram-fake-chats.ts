/** Chats and messages of the fake Telegram: who is where, what stands in a chat, and under which number. It knows no wire. */
import type { Entity } from "./telegram-fake-html.ts";

export type Json = Readonly<Record<string, unknown>>;

/** A person as Telegram describes people. */
export interface FakeUser {
  readonly id: number;
  readonly is_bot: boolean;
  readonly first_name: string;
  readonly [more: string]: unknown;
}

/** A chat as Telegram describes chats, and for forums the threads in it. */
export interface FakeChat {
  readonly id: number;
  readonly type: "private" | "group" | "supergroup" | "channel";
  readonly topics?: readonly number[];
  readonly [more: string]: unknown;
}

/** A message as people see it now. */
export interface Shown {
  readonly id: number;
  readonly chat: number;
  readonly topic: number | null;
  readonly from: "bot" | number;
  /** Plain, after parsing. */
  readonly text: string;
  /** As it was sent. */
  readonly html: string;
  readonly entities: readonly Entity[];
  /** Inline buttons; `data` is empty for those that do not call back. */
  readonly buttons: readonly (readonly { readonly label: string; readonly data: string }[])[];
  /** The whole reply_markup as it was sent, of whatever kind. */
  readonly markup: Json | null;
  readonly replyTo: number | null;
  readonly silent: boolean;
  readonly photo: Uint8Array | null;
  readonly edits: number;
  /** In seconds, as Telegram counts. */
  readonly date: number;
}

/** Why Telegram says no. */
export interface Refusal {
  readonly refused: number;
  readonly description: string;
  readonly parameters?: Json;
}
export const refusal = (description: string, code = 400, parameters?: Json): Refusal =>
  parameters === undefined
    ? { refused: code, description }
    : { refused: code, description, parameters };
export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === "object" && value !== null && "refused" in value;

export interface Message {
  readonly id: number;
  readonly sender: "bot" | number;
  /** What Telegram tells the bot of it. */
  json: Json;
  html: string;
  markup: Json | null;
  edits: number;
  readonly silent: boolean;
  readonly photo: Uint8Array | null;
}

export interface Place {
  readonly chat: FakeChat;
  /** The chat as it stands in messages. */
  readonly json: Json;
  readonly topics: Set<number>;
  readonly members: Map<number, FakeUser>;
  readonly messages: Message[];
  lastId: number;
  blocked: boolean;
  movedTo: number | null;
}

type Written = Pick<Message, "html" | "markup" | "silent" | "photo">;
const PLAIN: Written = { html: "", markup: null, silent: false, photo: null };

export interface ChatBook {
  /** The bot is in this chat from now on, or this person has started it. */
  know(chat: FakeChat, who?: FakeUser): Place;
  place(chat: number): Place | undefined;
  /** The chat, if the bot may write there. */
  reach(chatId: unknown): Place | Refusal;
  add(place: Place, sender: "bot" | number, fields: Json, written?: Partial<Written>): Message;
  person(id: number): FakeUser | undefined;
  visible(chat: number, topic?: number): readonly Shown[];
}

export function chatBook(): ChatBook {
  const places = new Map<number, Place>();
  /** Private chats and basic groups count together, every supergroup for itself. */
  let shared = 100;

  const nextId = (place: Place): number => {
    const own = place.chat.type === "supergroup" || place.chat.type === "channel";
    if (!own) shared += 1;
    place.lastId = own ? place.lastId + 1 : shared;
    return place.lastId;
  };

  const book: ChatBook = {
    know(chat, who) {
      const { topics = [], ...json } = chat;
      const place: Place = places.get(chat.id) ?? {
        ...{ chat, json, topics: new Set(), members: new Map(), messages: [] },
        ...{ lastId: 10, blocked: false, movedTo: null },
      };
      for (const topic of topics) place.topics.add(topic);
      if (who !== undefined) place.members.set(who.id, who);
      places.set(chat.id, place);
      return place;
    },
    place: (chat) => places.get(chat),
    reach(chatId) {
      const named = [...places.values()].find(({ chat }) => `@${chat["username"]}` === chatId);
      const place = places.get(Number(chatId)) ?? named;
      if (place === undefined) return refusal("Bad Request: chat not found");
      if (place.movedTo !== null) {
        const parameters = { migrate_to_chat_id: place.movedTo };
        const description = "Bad Request: group chat was upgraded to a supergroup chat";
        return refusal(description, 400, parameters);
      }
      return place.blocked ? refusal(blockedIn(place.chat), 403) : place;
    },
    add(place, sender, fields, written = {}) {
      const id = nextId(place);
      const json = { message_id: id, chat: place.json, ...fields, ...threadOf(place, fields) };
      const message = { ...PLAIN, ...written, id, sender, json, edits: 0 };
      place.messages.push(message);
      return message;
    },
    person: (id) => [...places.values()].flatMap(({ members }) => members.get(id) ?? [])[0],
    visible(chat, topic) {
      const all = places.get(chat)?.messages.map((message) => shown(chat, message)) ?? [];
      return topic === undefined ? all : all.filter((each) => each.topic === topic);
    },
  };
  return book;
}

const blockedIn = ({ type }: FakeChat): string =>
  type === "private"
    ? "Forbidden: bot was blocked by the user"
    : `Forbidden: bot was kicked from the ${type} chat`;

/** A thread of a forum is a topic; in other supergroups every chain of replies is a thread, and no topic. */
function threadOf(place: Place, fields: Json): Json {
  const thread = fields["message_thread_id"];
  if (typeof thread === "number") {
    if (place.chat["is_forum"] !== true) return {};
    place.topics.add(thread);
    return { is_topic_message: true };
  }
  const reply = fields["reply_to_message"] as Json | undefined;
  if (place.chat.type !== "supergroup" || reply === undefined) return {};
  return { message_thread_id: reply["message_thread_id"] ?? reply["message_id"] };
}

function shown(chat: number, message: Message): Shown {
  const { json } = message;
  const { id, sender, html, markup, silent, photo, edits } = message;
  const rows = (markup?.["inline_keyboard"] ?? []) as readonly (readonly Json[])[];
  const reply = json["reply_to_message"] as Json | undefined;
  return {
    ...{ id, chat, from: sender, html, markup, silent, photo, edits },
    topic: json["is_topic_message"] === true ? Number(json["message_thread_id"]) : null,
    text: String(json["text"] ?? json["caption"] ?? ""),
    entities: (json["entities"] ?? json["caption_entities"] ?? []) as readonly Entity[],
    buttons: rows.map((row) =>
      row.map((button) => ({
        label: String(button["text"]),
        data: String(button["callback_data"] ?? ""),
      })),
    ),
    replyTo: reply === undefined ? null : Number(reply["message_id"]),
    date: Number(json["date"]),
  };
}
