/** Whether a message of uncertain fate is there: every message of ours carries its id, and Slack keeps what was said. */
import type { Clock } from "../../ports/clock.ts";
import type { Delivery } from "../../ports/deliveries.ts";
import type { Found } from "../../ports/messenger.ts";
import type { Ask, Method } from "./client.ts";
import type { Failure } from "./failure.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./fields.ts";

/** What a message carries. Slack shows it to our app alone. */
export const metadataOf = (dedupe: string) => ({
  event_type: "claudbot_message",
  event_payload: { id: dedupe },
});

/** A message's time is its id. */
export const TS = /^\d{1,12}\.\d{1,9}$/;

const BEFORE_MS = 60_000;
const PAGE = 100;
const PAGES = 3;
/** What Slack took without answering may be shown a little later. */
const SETTLED_MS = 2_000;
const AGAIN_MS = 5_000;
const LOCKED_OUT_MS = 30_000;
const ABSENT: Found = { kind: "absent" };

type History = Extract<Method, "conversations.history" | "conversations.replies">;

export interface EvidenceDoors {
  readonly ask: Ask;
  readonly clock: Clock;
  /** Our bot as messages name it, null while it is not known. */
  readonly botId: () => string | null;
}

/** @param doubtedAt when the last uncertain attempt in this room ended, null when it was made by an earlier run */
export async function look(
  channel: string,
  delivery: Delivery,
  doubtedAt: number | null,
  doors: EvidenceDoors,
): Promise<Found> {
  const { clock } = doors;
  const attemptedAt = delivery.attemptedAt ?? delivery.at;
  const edited = delivery.edit && TS.test(delivery.messageId ?? "") ? delivery.messageId : null;
  const root = TS.test(delivery.rootId ?? "") ? delivery.rootId : null;
  const span =
    edited === null
      ? { oldest: ((attemptedAt - BEFORE_MS) / 1000).toFixed(6) }
      : { oldest: edited, latest: edited, inclusive: true };
  const args = { channel, limit: PAGE, include_all_metadata: true, ...span };
  const within = (method: History, more: Fields = {}): Promise<Found> =>
    pages(doors, method, { ...args, ...more }, delivery.dedupe);
  const threaded = root === null ? ABSENT : await within("conversations.replies", { ts: root });
  // A message that its thread did not take stands in the room.
  const found = threaded.kind === "absent" ? await within("conversations.history") : threaded;
  if (found.kind !== "absent") return found;
  const settledAt = Math.max(attemptedAt, doubtedAt ?? 0) + SETTLED_MS;
  const early = Math.min(SETTLED_MS, settledAt - clock.now());
  return early > 0 ? { kind: "unknown", why: "too early to tell", afterMs: early } : found;
}

async function pages(
  { ask, botId }: EvidenceDoors,
  method: History,
  args: Fields,
  dedupe: string,
): Promise<Found> {
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page += 1) {
    const answer = await ask(method, cursor === null ? args : { ...args, cursor });
    // Nothing is in a thread that is not there.
    if (!answer.ok) return answer.error.kind === "no-thread" ? ABSENT : unsure(answer.error);
    const messages = answer.value["messages"];
    if (!Array.isArray(messages)) return unsure({ kind: "unclear", why: "no messages" });
    const ts = idAmong(messages, dedupe);
    if (ts !== null) return { kind: "shown", messageId: ts };
    if (messages.some((message) => isNameless(message, botId()))) {
      return { kind: "unknown", why: "messages are told without their names", afterMs: null };
    }
    cursor = textOf(fieldsOf(answer.value["response_metadata"])["next_cursor"]);
    if (cursor === null) {
      const more = answer.value["has_more"] === true;
      return more ? unsure({ kind: "denied", why: "history without an end" }) : ABSENT;
    }
  }
  return { kind: "unknown", why: "too much was said since", afterMs: null };
}

function idAmong(messages: readonly unknown[], dedupe: string): string | null {
  for (const message of listOf(messages)) {
    const { ts, metadata } = fieldsOf(message);
    const { id } = fieldsOf(fieldsOf(metadata)["event_payload"]);
    if (id === dedupe) return textOf(ts);
  }
  return null;
}

/** One of ours that came back without what every message of ours carries, pictures excepted: then nothing is proved by its absence. */
function isNameless(message: unknown, ours: string | null): boolean {
  const { bot_id, metadata, files } = fieldsOf(message);
  if (ours === null || bot_id !== ours || listOf(files).length > 0) return false;
  return textOf(fieldsOf(fieldsOf(metadata)["event_payload"])["id"]) === null;
}

export function unsure(failure: Failure): Found {
  const { kind, why } = failure;
  if (kind === "later") return { kind: "unknown", why, afterMs: failure.afterMs };
  if (kind === "unclear" || kind === "unreached")
    return { kind: "unknown", why, afterMs: AGAIN_MS };
  const mayReturn = kind === "locked-out" && why !== "missing_scope";
  return { kind: "unknown", why, afterMs: mayReturn ? LOCKED_OUT_MS : null };
}
