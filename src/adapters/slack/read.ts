/** What Slack sent, as an Arrival: a slash command, a mention, a direct message, a pressed button. Everything else is nothing. */
// It must not know which words there are, nor who may say them.
import { createHash } from "node:crypto";
import { inboundId, type RoomId, roomId } from "../../core/kernel/ids.ts";
import { type Instant, instant } from "../../core/kernel/time.ts";
import type { Origin } from "../../ports/hearer.ts";
import type { Arrival } from "../../ports/inbound.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./fields.ts";
import { ASKS, denialIn, submitted } from "./modals.ts";
import { isForeign, isOurs, notWritten, type Own } from "./origin.ts";
import { PRESSES } from "./press-id.ts";
import { afterMention, command } from "./words.ts";

export type Heard =
  | { readonly kind: "arrival"; readonly arrival: Arrival; readonly from: Speaker }
  | { readonly kind: "turned-away"; readonly origin: Origin }
  /** A mention of somebody, while we do not know our own name. */
  | { readonly kind: "too-early" }
  | { readonly kind: "nothing" };

/** Where a whisper goes. */
export interface Speaker {
  readonly user: string;
  readonly channel: string;
  /** Their private chat with us: a whisper is no different from a message there. */
  readonly isDirect: boolean;
  readonly thread: string | null;
}

/** What differs between the kinds; the rest is read the same way for all. */
interface Said {
  /** Unique however often Slack sends it again. */
  readonly id: string | null;
  readonly user: string | null;
  readonly channel: string | null;
  readonly text: string;
  readonly pressed?: true;
  readonly sentAt: number;
  readonly thread: string | null;
}

/** In the place of a channel: the direct messages of whoever spoke, of which Slack does not tell the id. */
const IN_PRIVATE = "D";
const CHANNEL = /^(?:[CDG][A-Z0-9]{1,30}|D)$/;

const NOTHING: Heard = { kind: "nothing" };
const away = (origin: Origin): Heard => ({ kind: "turned-away", origin });

interface When {
  readonly now: Instant;
  /** For what does not tell by itself when it was sent. */
  readonly sentAt: Instant;
}

export function read(body: unknown, own: Own, { now, sentAt }: When): Heard {
  const fields = fieldsOf(body);
  if (fields["event"] !== undefined) return readEvent(fields, own, now);
  if (fields["command"] !== undefined) return judged(fields, slash(fields, sentAt), own, now);
  switch (fields["type"]) {
    case "view_submission": {
      const form = filledIn(fields, sentAt);
      return form === null ? NOTHING : judged(fields, form, own, now);
    }
    case "message_action":
      return judged(fields, shortcut(fields, own), own, now);
    case "block_actions": {
      const action = fieldsOf(listOf(fields["actions"])[0]);
      const isOurs = [PRESSES, ASKS].some((ids) => ids.test(textOf(action["action_id"]) ?? ""));
      return isOurs ? judged(fields, pressed(fields, action), own, now) : NOTHING;
    }
    default:
      return NOTHING;
  }
}

function readEvent(body: Fields, own: Own, now: Instant): Heard {
  const event = fieldsOf(body["event"]);
  const isMention = event["type"] === "app_mention";
  const isDirect = event["type"] === "message" && event["channel_type"] === "im";
  if ((!isMention && !isDirect) || isOurs(body, own)) return NOTHING;
  const origin = notWritten(event);
  if (origin !== null) return away(origin);
  if (isMention && own.botUserId === null) return { kind: "too-early" };
  const text = textOf(event["text"]) ?? "";
  const meant = afterMention(text, own.botUserId) ?? (isDirect ? text : null);
  if (meant === null || (isDirect && text.trim() === "")) return NOTHING;
  const id = textOf(body["event_id"]);
  const seconds = Number(event["ts"] ?? body["event_time"]);
  return judged(
    body,
    {
      id: id && `slack:${id}`,
      user: textOf(event["user"]),
      channel: textOf(event["channel"]),
      text: command(meant),
      sentAt: Math.floor(seconds * 1000),
      thread: textOf(event["thread_ts"]),
    },
    own,
    now,
  );
}

/** A trigger opens a modal for whoever has it: it tells one command from another, and is not kept. */
const fingerprint = (trigger: string): string =>
  createHash("sha256").update(trigger).digest("hex").slice(0, 32);

function slash(body: Fields, sentAt: Instant): Said {
  const trigger = textOf(body["trigger_id"]);
  return {
    id: trigger && `slack:${fingerprint(trigger)}`,
    user: textOf(body["user_id"]),
    channel: textOf(body["channel_id"]),
    text: command(textOf(body["text"]) ?? ""),
    sentAt,
    thread: null,
  };
}

function pressed(body: Fields, action: Fields): Said {
  const user = textOf(fieldsOf(body["user"])["id"]);
  const container = fieldsOf(body["container"]);
  const isHome = fieldsOf(body["view"])["type"] === "home";
  const at = textOf(action["action_ts"]);
  return {
    id: at && `slack:${user}.${at}.${action["action_id"]}`,
    user,
    channel: isHome
      ? IN_PRIVATE
      : (textOf(fieldsOf(body["channel"])["id"]) ?? textOf(container["channel_id"])),
    text: textOf(action["value"]) ?? "",
    pressed: true,
    sentAt: Math.floor(Number(at) * 1000),
    thread: null,
  };
}

/** Sent in from a form: it says what could have been typed, where it was asked for or else in private. */
function filledIn(body: Fields, sentAt: Instant): Said | null {
  const view = fieldsOf(body["view"]);
  const form = submitted(view);
  const id = textOf(view["id"]);
  return (
    form && {
      id: id && `slack:view.${id}`,
      user: textOf(fieldsOf(body["user"])["id"]),
      channel: form.channel ?? IN_PRIVATE,
      text: command(form.line),
      sentAt,
      thread: null,
    }
  );
}

/** "Deny this request", chosen at a message: the button of that message is pressed, or it is said what waits. */
function shortcut(body: Fields, own: Own): Said {
  const message = fieldsOf(body["message"]);
  const user = textOf(fieldsOf(body["user"])["id"]);
  const at = textOf(body["action_ts"]);
  const isOfUs = own.botId !== null && message["bot_id"] === own.botId;
  return {
    id: at && `slack:${user}.${at}.shortcut`,
    user,
    channel: textOf(fieldsOf(body["channel"])["id"]),
    text: (isOfUs ? denialIn(message) : null) ?? "/pending",
    pressed: true,
    sentAt: Math.floor(Number(at) * 1000),
    thread: null,
  };
}

function judged(body: Fields, said: Said, own: Own, now: Instant): Heard {
  if (isForeign(body, own)) return away("foreign-team");
  const { user, channel, thread } = said;
  const shaped = /^[UW][A-Z0-9]{1,30}$/.test(user ?? "") && CHANNEL.test(channel ?? "");
  if (user === null || channel === null || !shaped || said.text === "") return away("malformed");
  const team = textOf(body["team_id"]) ?? textOf(fieldsOf(body["team"])["id"]);
  const account = `slack:${team}/${user}`;
  if (own.isGuest(account)) return away("guest");
  const isDirect = channel.startsWith("D");
  const room: RoomId = roomId(isDirect ? `slack:@${user}` : `slack:${channel}`);
  try {
    const arrival: Arrival = {
      id: inboundId(said.id ?? ""),
      room,
      account,
      text: said.text,
      ...(said.pressed ? { pressed: true } : {}),
      ...(thread === null ? {} : { under: thread }),
      sentAt: instant(said.sentAt),
      receivedAt: now,
    };
    return { kind: "arrival", arrival, from: { user, channel, isDirect, thread } };
  } catch {
    return away("malformed");
  }
}
