/** Speaks in Slack's rooms. One message is one call; a second is made only when Slack has said no to the first. */
import { unreachable } from "../../core/kernel/assert.ts";
import type { RoomId } from "../../core/kernel/ids.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Delivery } from "../../ports/deliveries.ts";
import type { Log } from "../../ports/log.ts";
import type { Found, Messenger, Sent } from "../../ports/messenger.ts";
import type { Seal } from "../../ports/seal.ts";
import type { Timers } from "../../ports/timers.ts";
import { type Ask, CALL_MS, type Client } from "./client.ts";
import { look, metadataOf, TS, unsure } from "./evidence.ts";
import { type Failure, isForbidden } from "./failure.ts";
import { textOf } from "./fields.ts";
import { NO_PARSING, UNPARSED } from "./no-parsing.ts";
import { show } from "./picture.ts";
import { type Rendered, render } from "./render.ts";
import type { Rooms } from "./rooms.ts";

export interface MessengerDoors {
  readonly client: Client;
  readonly rooms: Rooms;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Our bot as messages name it, null while it is not known. */
  readonly botId: () => string | null;
}

/** One sending with all its calls takes no longer, so that whoever waits for it still hears how it ended. */
const SENDING_MS = 18_000;
const UNREACHED_MS = 1_000;
/** Waiting is no cure, but the wait that grows with each try ends the moment we are let in again. */
const LOCKED_OUT_MS = 1_000;

interface Sending extends MessengerDoors {
  /** Begins no call that may outlast the sending. */
  readonly ask: Ask;
  readonly leftMs: () => number;
  /** When the last uncertain attempt in this room ended, null when there was none. */
  readonly doubtedAt: number | null;
}

/** How a message is put; each step down is taken when Slack refuses the one above. */
interface Manner {
  /** The message to edit. */
  readonly over: string | null;
  readonly thread: string | null;
  readonly blocks: boolean;
}

export function slackMessenger(doors: MessengerDoors): Messenger {
  const { client, rooms, seal, clock } = doors;
  const doubtedAt = new Map<RoomId, number>();
  return {
    platform: "slack",
    async send(delivery, heading) {
      const { room, card } = delivery;
      const manner = mannerOf(delivery);
      // Nothing is there to edit, and a message of its own says the same.
      if (delivery.edit && card.echo && manner.over === null) {
        return { kind: "sent", messageId: delivery.messageId ?? `none:${delivery.id}` };
      }
      const sending = begin(doors, doubtedAt.get(room) ?? null);
      const channel = await rooms.channelOf(room);
      const said = channel.ok
        ? await say(channel.value, delivery, render(card, heading, seal.of), manner, sending)
        : fail(unsaid(channel.error));
      if (said.ok) {
        rooms.reached(room);
        return { kind: "sent", messageId: said.value };
      }
      const { kind, why } = said.error;
      if (kind === "no-room" || isForbidden(said.error)) rooms.lost(room, why);
      if (kind === "unclear") doubtedAt.set(room, clock.now());
      return outcome(said.error);
    },
    mark: () => null,
    async find(delivery): Promise<Found> {
      const channel = await rooms.channelOf(delivery.room);
      if (!channel.ok) return unsure(channel.error);
      const since = doubtedAt.get(delivery.room) ?? null;
      return look(channel.value, delivery, since, { ...doors, ask: client.ask });
    },
  };
}

function begin(doors: MessengerDoors, doubtedAt: number | null): Sending {
  const { client, clock } = doors;
  const until = clock.now() + SENDING_MS;
  const leftMs = (): number => until - clock.now();
  const ask: Ask = async (method, args) =>
    leftMs() < CALL_MS
      ? fail({ kind: "unreached", why: "no time was left" })
      : client.ask(method, args);
  return { ...doors, ask, leftMs, doubtedAt };
}

/** The id of the message, which is its time. */
async function say(
  channel: string,
  delivery: Delivery,
  message: Rendered,
  first: Manner,
  doors: Sending,
): Promise<Result<string, Failure>> {
  const { picture, echo } = delivery.card;
  let manner = first;
  for (;;) {
    const method = manner.over === null ? "chat.postMessage" : "chat.update";
    const answer = await doors.ask(method, { channel, ...body(delivery, message, manner) });
    if (answer.ok) {
      const ts = textOf(answer.value["ts"]) ?? manner.over;
      if (ts === null) return fail({ kind: "unclear", why: "an answer without an id" });
      const thread = manner.thread ?? ts;
      if (picture && manner.over === null) await show(picture, { channel, thread }, doors);
      return ok(ts);
    }
    const next = easier(manner, answer.error);
    if (next === null) return answer;
    const { over } = manner;
    manner = next;
    if (over !== null && echo && next.over === null) return ok(over);
    doors.log.warn("Slack did not take a message as it was", { why: answer.error.why });
    if (over === null || next.over !== null) continue;
    const copy = await earlierCopy(channel, delivery, doors);
    if (!copy.ok) return copy;
    // It is there, though it cannot be changed.
    if (copy.value === over) return ok(over);
    manner = { ...next, over: copy.value };
  }
}

/** What an earlier attempt at this edit may have posted in the place of the message that is gone: edited now, or null. */
async function earlierCopy(
  channel: string,
  delivery: Delivery,
  doors: Sending,
): Promise<Result<string | null, Failure>> {
  const { attempts, uncertain } = delivery;
  if (attempts === 0 && !uncertain && doors.doubtedAt === null) return ok(null);
  // It may be as old as the row, and is no edit.
  const posted = { ...delivery, edit: false, attemptedAt: null };
  const found = await look(channel, posted, doors.doubtedAt, doors);
  if (found.kind === "shown") return ok(found.messageId);
  if (found.kind === "absent") return ok(null);
  // Nothing is posted beside what may be there.
  const { why, afterMs } = found;
  return fail(afterMs === null ? { kind: "unclear", why } : { kind: "later", why, afterMs });
}

function mannerOf({ edit, messageId, rootId }: Delivery): Manner {
  const id = (text: string | null): string | null => (TS.test(text ?? "") ? text : null);
  return { over: edit ? id(messageId) : null, thread: id(rootId), blocks: true };
}

function easier(manner: Manner, { kind }: Failure): Manner | null {
  if (kind === "no-message" && manner.over !== null) return { ...manner, over: null };
  if (kind === "no-thread" && manner.thread !== null) return { ...manner, thread: null };
  if (kind === "markup" && manner.blocks) return { ...manner, blocks: false };
  return null;
}

function body({ dedupe, lane }: Delivery, message: Rendered, manner: Manner) {
  const { over, thread } = manner;
  const said = manner.blocks
    ? { text: message.text, blocks: message.blocks }
    : { text: message.whole, ...(over === null ? {} : { blocks: [] }) };
  const carried = { ...said, metadata: metadataOf(dedupe) };
  if (over !== null) return { ...carried, ...UNPARSED, ts: over };
  const under = thread === null ? {} : { thread_ts: thread, reply_broadcast: lane === "critical" };
  return { ...carried, ...NO_PARSING, ...under };
}

/** Before the message itself was sent nothing can have been shown. */
const unsaid = (failure: Failure): Failure =>
  failure.kind === "unclear" ? { kind: "unreached", why: failure.why } : failure;

function outcome(failure: Failure): Sent {
  const { kind, why } = failure;
  switch (kind) {
    case "later":
      return { kind: "not-sent", why, afterMs: failure.afterMs };
    case "locked-out":
      return { kind: "not-sent", why, afterMs: LOCKED_OUT_MS };
    case "unreached":
      return { kind: "not-sent", why, afterMs: UNREACHED_MS };
    case "unclear":
      return { kind: "ambiguous", why };
    case "no-room":
    case "markup":
    case "no-thread":
    case "no-message":
    case "denied":
      return { kind: "refused", why };
    default:
      return unreachable(kind);
  }
}
