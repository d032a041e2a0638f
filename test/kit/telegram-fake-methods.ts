/** What the methods of the fake Telegram do to its chats, and the words in which Telegram refuses. */
import {
  type ChatBook,
  type FakeUser,
  isRefusal,
  type Json,
  type Message,
  type Place,
  type Refusal,
  refusal,
} from "./telegram-fake-chats.ts";
import { type Parsed, parseHtml, trimmed } from "./telegram-fake-html.ts";
import type { SentFile } from "./telegram-fake-payload.ts";
import { photoOf } from "./telegram-fake-photo.ts";

export interface World {
  readonly bot: FakeUser;
  readonly book: ChatBook;
  readonly now: () => number;
  /** Messages and edits that go to this chat now; a refusal when they are too many. */
  readonly flood: (place: Place) => Refusal | null;
  /** Files that were sent, by their id. */
  readonly files: Map<string, Uint8Array>;
}

/** A refusal, or what Telegram answers. */
export type Answer = unknown;
export type Method = (payload: Json, world: World) => Answer;

export const TEXT_LIMIT = 4096;
export const CAPTION_LIMIT = 1024;

/** Telegram counts characters, we the UTF-16 units: what passes here passes there. */
function read(payload: Json, field: "text" | "caption"): Parsed | Refusal {
  const raw = String(payload[field] ?? "");
  const given = (payload[field === "text" ? "entities" : "caption_entities"] ?? []) as [];
  const mode = String(payload["parse_mode"] ?? "").toLowerCase();
  if (mode !== "" && mode !== "html") return refusal("Bad Request: unsupported parse_mode");
  const parsed = mode === "html" ? parseHtml(raw) : trimmed(raw, given);
  if (typeof parsed === "string") return refusal(`Bad Request: can't parse entities: ${parsed}`);
  if (field === "caption") {
    const tooLong = parsed.text.length > CAPTION_LIMIT;
    return tooLong ? refusal("Bad Request: message caption is too long") : parsed;
  }
  if (parsed.text === "") return refusal("Bad Request: message text is empty");
  return parsed.text.length > TEXT_LIMIT ? refusal("Bad Request: message is too long") : parsed;
}

const content = (field: "text" | "caption", { text, entities }: Parsed): Json => {
  const marks = field === "text" ? "entities" : "caption_entities";
  return text === ""
    ? {}
    : { [field]: text, ...(entities.length > 0 ? { [marks]: entities } : {}) };
};

/** What is wrong with an inline keyboard that its schema cannot say. */
function keyboard(payload: Json): Json | null | Refusal {
  const markup = (payload["reply_markup"] ?? null) as Json | null;
  const rows = (markup?.["inline_keyboard"] ?? []) as readonly (readonly Json[])[];
  const silent = rows.flat().some((button) => Object.keys(button).every((key) => key === "text"));
  if (!silent) return rows.length === 0 && markup?.["inline_keyboard"] ? null : markup;
  const why = "Text buttons are unallowed in the inline keyboard";
  return refusal(`Bad Request: can't parse inline keyboard button: ${why}`);
}

const inline = (markup: Json | null): Json =>
  markup !== null && "inline_keyboard" in markup ? { reply_markup: markup } : {};

/** Only forums have topics; Telegram ignores the number elsewhere. The general topic has none. */
function topicOf({ chat, topics }: Place, payload: Json): Json | Refusal {
  const topic = payload["message_thread_id"];
  if (topic === undefined || (chat["is_forum"] !== true && chat.type !== "private")) return {};
  if (topic === 1 || !topics.has(Number(topic))) {
    return refusal("Bad Request: message thread not found");
  }
  return { message_thread_id: topic };
}

function replyOf(place: Place, payload: Json): Json | Refusal {
  const reply = payload["reply_parameters"] as Json | undefined;
  if (reply === undefined) return {};
  const to = place.messages.find(({ id }) => id === reply["message_id"]);
  if (to !== undefined) {
    const { reply_to_message: _, ...root } = to.json;
    return { reply_to_message: root };
  }
  const anyway = reply["allow_sending_without_reply"] === true;
  return anyway ? {} : refusal("Bad Request: message to be replied not found");
}

function send(payload: Json, world: World, field: "text" | "caption", more: Sent): Answer {
  const parsed = read(payload, field);
  if (isRefusal(parsed)) return parsed;
  const markup = keyboard(payload);
  if (isRefusal(markup)) return markup;
  const place = world.book.reach(payload["chat_id"]);
  if (isRefusal(place)) return place;
  const topic = topicOf(place, payload);
  if (isRefusal(topic)) return topic;
  const reply = replyOf(place, payload);
  if (isRefusal(reply)) return reply;
  const flooded = world.flood(place);
  if (flooded !== null) return flooded;
  const fields = {
    ...{ from: world.bot, date: Math.floor(world.now() / 1000), ...topic, ...reply },
    ...{ ...more.fields, ...content(field, parsed), ...inline(markup) },
  };
  const silent = payload["disable_notification"] === true;
  const html = String(payload[field] ?? "");
  return world.book.add(place, "bot", fields, { html, markup, silent, photo: more.photo }).json;
}

interface Sent {
  readonly fields: Json;
  readonly photo: Uint8Array | null;
}

function sendPhoto(payload: Json, world: World): Answer {
  const given = payload["photo"] as SentFile | string;
  const bytes = typeof given === "string" ? world.files.get(given) : given.file;
  if (bytes === undefined) {
    return refusal("Bad Request: wrong file identifier/HTTP URL specified");
  }
  const photo = photoOf(bytes, world.files.size);
  if (isRefusal(photo)) return photo;
  world.files.set(photo.file_id, bytes);
  return send(payload, world, "caption", { fields: { photo: [photo] }, photo: bytes });
}

interface Found {
  readonly place: Place;
  readonly message: Message;
}

function find(payload: Json, world: World, what: string): Found | Refusal {
  const place = world.book.reach(payload["chat_id"]);
  if (isRefusal(place)) return place;
  const message = place.messages.find(({ id }) => id === payload["message_id"]);
  return message === undefined
    ? refusal(`Bad Request: message to ${what} not found`)
    : { place, message };
}

/** @param field null: only the buttons change. */
function edit(payload: Json, world: World, field: "text" | "caption" | null): Answer {
  const parsed = field === null ? null : read(payload, field);
  if (isRefusal(parsed)) return parsed;
  const markup = keyboard(payload);
  if (isRefusal(markup)) return markup;
  const found = find(payload, world, "edit");
  if (isRefusal(found)) return found;
  const { place, message } = found;
  const isInline = message.markup === null || "inline_keyboard" in message.markup;
  if (message.sender !== "bot" || !isInline) {
    return refusal("Bad Request: message can't be edited");
  }
  if (field !== null && (field === "caption") !== (message.photo !== null)) {
    return refusal(`Bad Request: there is no ${field} in the message to edit`);
  }
  const kept = without(message.json, ["reply_markup", "edit_date"]);
  const bare = field === null ? kept : without(kept, [field, "entities", "caption_entities"]);
  const changed = {
    ...bare,
    ...(field === null || parsed === null ? {} : content(field, parsed)),
    ...inline(markup),
  };
  if (sorted(changed) === sorted(without(message.json, ["edit_date"]))) {
    const same = "specified new message content and reply markup are exactly the same as";
    const current = "a current content and reply markup of the message";
    return refusal(`Bad Request: message is not modified: ${same} ${current}`);
  }
  const flooded = world.flood(place);
  if (flooded !== null) return flooded;
  message.json = { ...changed, edit_date: Math.floor(world.now() / 1000) };
  message.markup = markup;
  if (field !== null) message.html = String(payload[field] ?? "");
  message.edits += 1;
  return message.json;
}

const without = (json: Json, names: readonly string[]): Json =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));
const sorted = (json: Json): string => JSON.stringify(Object.entries(json).sort());

function remove(payload: Json, world: World): Answer {
  const found = find(payload, world, "delete");
  if (isRefusal(found)) return found;
  const { place, message } = found;
  if (message.sender !== "bot" && place.chat.type !== "private") {
    return refusal("Bad Request: message can't be deleted");
  }
  place.messages.splice(place.messages.indexOf(message), 1);
  return true;
}

/** Of a group that has moved it is told as if nothing were. */
function getChat(payload: Json, { book }: World): Answer {
  const reached = book.reach(payload["chat_id"]);
  const known = book.place(Number(payload["chat_id"]));
  const place = isRefusal(reached) && known?.movedTo ? known : reached;
  if (isRefusal(place)) return place;
  const gifts = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"];
  const accepted = [...gifts, "gifts_from_channels"].map((gift) => [gift, true]);
  const full = { accent_color_id: 0, max_reaction_count: 11 };
  return { ...place.json, ...full, accepted_gift_types: Object.fromEntries(accepted) };
}

function getChatMember(payload: Json, { book, bot }: World): Answer {
  const place = book.reach(payload["chat_id"]);
  if (isRefusal(place)) return place;
  const id = Number(payload["user_id"]);
  const member = id === bot.id ? bot : place.members.get(id);
  if (member !== undefined) return { status: "member", user: member };
  const person = book.person(id);
  return person === undefined
    ? refusal("Bad Request: user not found")
    : { status: "left", user: person };
}

function getChatMemberCount(payload: Json, { book }: World): Answer {
  const place = book.reach(payload["chat_id"]);
  return isRefusal(place) ? place : 1 + place.members.size;
}

function sendChatAction(payload: Json, { book }: World): Answer {
  const place = book.reach(payload["chat_id"]);
  return isRefusal(place) ? place : true;
}

const ABILITIES = {
  ...{ can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false },
  ...{ can_connect_to_business: false, has_main_web_app: false },
};

/** Everything that concerns chats and messages. */
export const CHAT_METHODS: Readonly<Record<string, Method>> = {
  getMe: (_, { bot }) => ({ ...bot, ...ABILITIES }),
  getChat,
  getChatMember,
  getChatMemberCount,
  sendChatAction,
  sendMessage: (payload, world) => send(payload, world, "text", { fields: {}, photo: null }),
  sendPhoto,
  editMessageText: (payload, world) => edit(payload, world, "text"),
  editMessageCaption: (payload, world) => edit(payload, world, "caption"),
  editMessageReplyMarkup: (payload, world) => edit(payload, world, null),
  deleteMessage: remove,
};
