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
import type { Client } from "./client.ts";
import { look, metadataOf, TS, unsure } from "./evidence.ts";
import type { Failure } from "./failure.ts";
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

const UNREACHED_MS = 1_000;
/** Waiting is no cure, but the wait that grows with each try ends the moment we are let in again. */
const LOCKED_OUT_MS = 1_000;

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
      const channel = await rooms.channelOf(room);
      const said = channel.ok
        ? await say(channel.value, delivery, render(card, heading, seal.of), manner, doors)
        : fail(unsaid(channel.error));
      if (said.ok) {
        rooms.reached(room);
        return { kind: "sent", messageId: said.value };
      }
      if (said.error.kind === "no-room") rooms.lost(room, said.error.why);
      if (said.error.kind === "unclear") doubtedAt.set(room, clock.now());
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

/** The id of the message, which is its time. */
async function say(
  channel: string,
  delivery: Delivery,
  message: Rendered,
  first: Manner,
  doors: MessengerDoors,
): Promise<Result<string, Failure>> {
  const { picture, echo } = delivery.card;
  let manner = first;
  for (;;) {
    const method = manner.over === null ? "chat.postMessage" : "chat.update";
    const answer = await doors.client.ask(method, { channel, ...body(delivery, message, manner) });
    if (answer.ok) {
      const ts = textOf(answer.value["ts"]) ?? manner.over;
      if (ts === null) return fail({ kind: "unclear", why: "an answer without an id" });
      const thread = manner.thread ?? ts;
      if (picture && manner.over === null) await show(picture, { channel, thread }, doors);
      return ok(ts);
    }
    const next = easier(manner, answer.error);
    if (next === null) return answer;
    if (manner.over !== null && next.over === null && echo) return ok(manner.over);
    doors.log.warn("Slack did not take a message as it was", { why: answer.error.why });
    manner = next;
  }
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
