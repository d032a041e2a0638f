/** Sends one new message. What Telegram refuses for a reason that can be mended is sent again, mended, each way once. */
import { InputFile } from "grammy";
import { type Api, CALL_MS, type Failure, type Reply } from "./api.ts";
import { fullLook, type Look, type Outgoing, plainer, words } from "./outgoing.ts";

export interface Target {
  readonly chat: number;
  readonly topic: number | null;
  readonly replyTo: number | null;
  readonly silent: boolean;
}

/** How a message was sent differently than it was meant. */
export type Mended = "moved" | "no topic" | "no reply" | "plainer" | "no picture";

interface Attempt {
  readonly target: Target;
  readonly look: Look;
}

export interface PostDoors {
  readonly api: Api;
  /** Milliseconds left for all of this. */
  readonly leftMs: () => number;
  readonly mended: (how: Mended, chat: number, why: Failure) => void;
}

export type Posted =
  | { readonly kind: "sent"; readonly chat: number; readonly id: number }
  | { readonly kind: "failed"; readonly failure: Failure };

const NO_TOPIC = /thread not found|TOPIC_(?:CLOSED|DELETED)|topic (?:not found|closed)/i;
const NO_REPLY = /replied not found|reply message not found|REPLY_MESSAGE_ID_INVALID/i;
/** The chat itself is the trouble; a text would fare no better than its picture. */
const NO_CHAT = /chat not found|PEER_ID_INVALID|was deactivated/i;

export async function post(doors: PostDoors, target: Target, out: Outgoing): Promise<Posted> {
  let attempt: Attempt = { target, look: fullLook(out) };
  let moved = false;
  for (;;) {
    const reply = await ask(doors, attempt, out);
    if (reply.kind === "ok") return posted(attempt.target.chat, reply.value);
    const next = mend(attempt, reply);
    if (next === null || (next.how === "moved" && moved)) return { kind: "failed", failure: reply };
    moved ||= next.how === "moved";
    attempt = next.attempt;
    doors.mended(next.how, attempt.target.chat, reply);
  }
}

function posted(chat: number, value: unknown): Posted {
  const id: unknown =
    typeof value === "object" && value !== null && "message_id" in value ? value.message_id : null;
  return typeof id === "number" && Number.isSafeInteger(id) && id > 0
    ? { kind: "sent", chat, id }
    : { kind: "failed", failure: { kind: "ambiguous", why: "an answer without a message id" } };
}

function mend(
  { target, look }: Attempt,
  failure: Failure,
): { readonly how: Mended; readonly attempt: Attempt } | null {
  if (failure.kind !== "error") return null;
  const { code, description, migrateTo } = failure;
  if (migrateTo !== null) {
    // Ids of the old chat mean other messages in the new one.
    const there = { ...target, chat: migrateTo, topic: null, replyTo: null };
    return { how: "moved", attempt: { target: there, look } };
  }
  if (code === 400 && target.topic !== null && NO_TOPIC.test(description)) {
    return { how: "no topic", attempt: { target: { ...target, topic: null }, look } };
  }
  if (code === 400 && target.replyTo !== null && NO_REPLY.test(description)) {
    return { how: "no reply", attempt: { target: { ...target, replyTo: null }, look } };
  }
  const next = plainer(look, failure);
  if (next !== null) return { how: "plainer", attempt: { target, look: next } };
  const pictureRefused = (code === 400 || code === 413) && !NO_CHAT.test(description);
  if (look.shape === "picture" && pictureRefused) {
    return { how: "no picture", attempt: { target, look: { ...look, shape: "text" } } };
  }
  return null;
}

function markupOf({ prompt, keyboard }: Outgoing) {
  const markup = prompt ?? keyboard;
  return markup === null ? {} : { reply_markup: markup };
}

function ask(
  { api, leftMs }: PostDoors,
  { target, look }: Attempt,
  out: Outgoing,
): Promise<Reply<unknown>> {
  const left = leftMs();
  if (left <= 0) return Promise.resolve({ kind: "not-sent", why: "no time left" });
  const { said, mode } = words(out, look);
  const same = {
    chat_id: target.chat,
    ...mode,
    ...(target.topic === null ? {} : { message_thread_id: target.topic }),
    ...(target.silent ? { disable_notification: true } : {}),
    ...(target.replyTo === null
      ? {}
      : {
          reply_parameters: { message_id: target.replyTo, allow_sending_without_reply: true },
        }),
    ...(look.keyboard ? markupOf(out) : {}),
  };
  const options = { timeoutMs: Math.min(CALL_MS, left), speaks: true };
  if (look.shape === "picture" && out.picture !== null) {
    const photo = new InputFile(out.picture, "picture.png");
    return api.call<unknown>(
      (methods, signal) => methods.sendPhoto({ ...same, photo, caption: said }, signal),
      options,
    );
  }
  const text = { ...same, text: said, link_preview_options: { is_disabled: true } };
  return api.call<unknown>((methods, signal) => methods.sendMessage(text, signal), options);
}
