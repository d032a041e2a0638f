/** One update of Telegram becomes an arrival, a reason to turn it away, or nothing. */
// It obeys nobody: who a speaker is and what they may do is decided elsewhere, by the numeric ids given here.
import { inboundId, type RoomId } from "../../core/kernel/ids.ts";
import { type Instant, instant } from "../../core/kernel/time.ts";
import type { Origin } from "../../ports/hearer.ts";
import type { Arrival } from "../../ports/inbound.ts";
import type { Address } from "./address.ts";
import { PLATFORM } from "./address.ts";
import { type Json, record, text, whole, within } from "./shape.ts";

export type Heard =
  | { readonly kind: "arrival"; readonly arrival: Arrival }
  | { readonly kind: "turned-away"; readonly origin: Origin }
  | { readonly kind: "nothing" };

export interface ReadContext {
  /** The bot's own account. */
  readonly self: number;
  /** Whether it knows its own name: until then every bot that is told to stop may be this one. */
  readonly isNamed: boolean;
  readonly receivedAt: Instant;
  readonly roomOf: (at: Address) => RoomId;
  /** The line that a reply to one of our messages stands for; null when it asked for nothing. */
  readonly promptLine: (chat: number, message: number, reply: string) => string | null;
  /** How a message's id is kept; answers in groups are shown as replies to it. */
  readonly idText: (room: RoomId, id: number) => string;
}

/** Telegram's stand-ins for people who do not show themselves: an anonymous admin, a channel, an automatic forward. */
const STAND_INS = new Set([1_087_968_824, 136_817_688, 777_000]);
const FORWARDS = [
  "forward_origin",
  "forward_from",
  "forward_from_chat",
  "forward_sender_name",
  "forward_date",
  "is_automatic_forward",
];
const LONGEST_DATA = 64;
/** What is obeyed at once, as somebody in a hurry types it in a chat where nobody else reads. */
const HURRIED = /^\s*(?=(?:kill|pause)(?![\p{L}\p{M}\p{N}_]|-[\p{L}\p{N}]))/iu;
const STOP_AT_NAME = /^(\s*\/(?:kill|pause))@\w+/i;

const NOTHING: Heard = { kind: "nothing" };
const turnedAway = (origin: Origin): Heard => ({ kind: "turned-away", origin });

export function read(update: unknown, context: ReadContext): Heard {
  const of = record(update);
  const id = whole(of, "update_id");
  if (of === null || id === null || id < 0) return turnedAway("malformed");
  if ("edited_message" in of || "edited_channel_post" in of) return turnedAway("edited");
  if ("channel_post" in of) return turnedAway("channel-post");
  if ("message" in of) return readMessage(id, within(of, "message"), context);
  if ("callback_query" in of) return readPress(id, within(of, "callback_query"), context);
  return NOTHING;
}

function readMessage(update: number, message: Json | null, context: ReadContext): Heard {
  if (message === null) return turnedAway("malformed");
  const said = saidIn(message, context.isNamed);
  // Below a picture only a command is for us.
  if (!("text" in message) && !said?.startsWith("/")) return NOTHING;
  const from = within(message, "from");
  const origin = originOf(message, from);
  if (origin !== null) return turnedAway(origin);
  const id = whole(message, "message_id");
  const seconds = whole(message, "date");
  const speaker = speakerOf(from, within(message, "chat"));
  if (said === null || id === null || id <= 0 || seconds === null || seconds <= 0) {
    return turnedAway("malformed");
  }
  if (typeof speaker === "string") return turnedAway(speaker);
  const room = context.roomOf({ chat: speaker.chat, topic: topicOf(message) });
  return arrived(update, speaker, room, context, {
    text: answerIn(message, speaker, said, context),
    sentAt: instant(seconds * 1000),
    under: speaker.isGroup ? context.idText(room, id) : null,
  });
}

/** In a private chat, where nobody else can reply: what was asked for there. */
function answerIn(
  message: Json,
  { chat, isGroup }: Speaker,
  said: string,
  { promptLine }: ReadContext,
): string {
  const asked = whole(within(message, "reply_to_message"), "message_id");
  return (isGroup || asked === null ? null : promptLine(chat, asked, said)) ?? said;
}

/** The text, or what is written below a picture; null when it is none. */
function saidIn(message: Json, isNamed: boolean): string | null {
  const typed = text(message, "text" in message ? "text" : "caption");
  const isPrivate = text(within(message, "chat"), "type") === "private";
  const hurried = isPrivate ? typed?.replace(HURRIED, "/") : typed;
  return (isNamed ? hurried : hurried?.replace(STOP_AT_NAME, "$1")) ?? null;
}

/** A press has no time of its own: what it answers must know when it is too old. */
function readPress(update: number, press: Json | null, context: ReadContext): Heard {
  const from = within(press, "from");
  const message = within(press, "message");
  const said = text(press, "data");
  if (press === null || message === null || said === null) return turnedAway("malformed");
  if (from !== null && isStandIn(from)) return turnedAway("anonymous");
  if (said === "" || Buffer.byteLength(said) > LONGEST_DATA) return turnedAway("malformed");
  if (text(press, "id") === null) return turnedAway("malformed");
  // Date 0: a message too old for Telegram to show who wrote it. Only a bot's own buttons press back to it.
  const isHidden = whole(message, "date") === 0;
  if (!isHidden && whole(within(message, "from"), "id") !== context.self) {
    return turnedAway("malformed");
  }
  const speaker = speakerOf(from, within(message, "chat"));
  if (typeof speaker === "string") return turnedAway(speaker);
  const id = whole(message, "message_id");
  const room = context.roomOf({ chat: speaker.chat, topic: topicOf(message) });
  return arrived(update, speaker, room, context, {
    text: said,
    pressed: true,
    sentAt: context.receivedAt,
    under: speaker.isGroup && id !== null && id > 0 ? context.idText(room, id) : null,
  });
}

interface Speaker {
  readonly account: number;
  readonly chat: number;
  readonly isGroup: boolean;
}

function arrived(
  update: number,
  { account }: Speaker,
  room: RoomId,
  { receivedAt }: ReadContext,
  said: Pick<Arrival, "text" | "sentAt" | "pressed"> & { readonly under: string | null },
): Heard {
  const { under, ...rest } = said;
  const arrival: Arrival = {
    id: inboundId(`${PLATFORM}:${update}`),
    room,
    account: `${PLATFORM}:${account}`,
    ...rest,
    ...(under === null ? {} : { under }),
    receivedAt,
  };
  return { kind: "arrival", arrival };
}

const isStandIn = (from: Json): boolean => STAND_INS.has(whole(from, "id") ?? 0);

function originOf(message: Json, from: Json | null): Origin | null {
  if ("sender_chat" in message || (from !== null && isStandIn(from))) return "anonymous";
  if (!("from" in message)) return "channel-post";
  if (FORWARDS.some((name) => name in message)) return "forwarded";
  if ("edit_date" in message) return "edited";
  return "via_bot" in message ? "bot" : null;
}

function speakerOf(from: Json | null, chat: Json | null): Speaker | Origin {
  const account = whole(from, "id");
  const at = whole(chat, "id");
  const type = text(chat, "type");
  if (from === null || account === null || account <= 0 || at === null) return "malformed";
  if (from["is_bot"] !== false) return from["is_bot"] === true ? "bot" : "malformed";
  if (type === "private") {
    return at === account ? { account, chat: at, isGroup: false } : "malformed";
  }
  if (type === "channel") return "channel-post";
  const isGroup = type === "group" || type === "supergroup";
  return isGroup && at < 0 ? { account, chat: at, isGroup } : "malformed";
}

const topicOf = (message: Json): number | null =>
  message["is_topic_message"] === true ? whole(message, "message_thread_id") : null;
