/** What the desk says unasked: which event speaks, how loudly, where, and over which earlier message. */
// Nothing that trades knows of this; a table of these is handed to the courier.
import type { EventBody, EventKind, EventOf } from "../core/engine/event.ts";
import type { OrderId, PersonId, RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { AlertMemory } from "./alert-memory.ts";
import { anchored } from "./anchored.ts";
import type { Card, Priority } from "./card.ts";
import type { WallClock } from "./wall-clock.ts";

export interface Alert {
  readonly card: Card;
  readonly priority: Priority;
  /** Which rooms hear it: those that chose the topic, and the room that asked. Security goes to every platform. */
  readonly topic: "incidents" | "activity" | "security" | "reply-only";
  /** The room whose question or request this answers, or null when the desk speaks by itself. */
  readonly replyTo: RoomId | null;
  /** Alerts of one key are one message, edited; null for a message of its own. */
  readonly key: string | null;
  /** Key of the earlier message this is the outcome of: shown as a reply to it; null for none. */
  readonly under: string | null;
  /** Whose private chats hear it too, wherever they are; null for nobody's. */
  readonly person: PersonId | null;
  /** Not said on this platform, or in this room: it is the one that is silent; null for none. */
  readonly notOn: string | null;
  /** Where a confirmation cannot be given, this is shown instead of `card`; null for the same everywhere. */
  readonly elsewhere: Card | null;
  /** Progress edits and rings nobody; an outcome is a new message. */
  readonly edit: boolean;
  /** Tells several alerts about one event apart. */
  readonly part: string;
}

export interface AlertContext {
  readonly clock: WallClock;
  /** What was said before, this event included. */
  readonly memory: AlertMemory;
  /** Hash at which the audit ended when last heard of; absent or null while that is not known. */
  readonly auditHead?: string | null;
}

export type Voice<B extends EventBody> = (
  event: B,
  seq: number,
  at: Instant,
  context: AlertContext,
) => readonly Alert[];

export type AlertTable = { readonly [K in EventKind]: Voice<EventOf<K>> | "silent" } & {
  /** Beside what the event itself says: it shows that no order takes the place of this one. */
  readonly unfollowed: (order: OrderId, seq: number, context: AlertContext) => Alert;
};

/** An alert with the common case filled in: a message of its own, for those who follow activity. */
export function alert(of: Pick<Alert, "card"> & Partial<Alert>): Alert {
  return {
    priority: "P2",
    topic: "activity",
    replyTo: null,
    key: null,
    under: null,
    person: null,
    notOn: null,
    elsewhere: null,
    edit: false,
    part: "",
    ...of,
  };
}

/** What the table says of one event; nothing when it is silent. */
export function alertsFor(
  table: AlertTable,
  event: { readonly seq: number; readonly at: Instant; readonly body: EventBody },
  context: AlertContext,
): readonly Alert[] {
  // The table pairs each kind with its own voice; the compiler cannot follow that pairing through an index.
  const voice = table[event.body.kind] as Voice<EventBody> | "silent";
  const spoken = voice === "silent" ? [] : voice(event.body, event.seq, event.at, context);
  const said = spoken.map((one) => withHead(one, event.body.kind, context));
  const { unfollowed } = context.memory;
  return unfollowed === null ? said : [table.unfollowed(unfollowed, event.seq, context), ...said];
}

function withHead(of: Alert, kind: EventKind, { auditHead = null }: AlertContext): Alert {
  const { card, elsewhere } = of;
  const head = auditHead;
  return {
    ...of,
    card: anchored(card, kind, head),
    elsewhere: elsewhere && anchored(elsewhere, kind, head),
  };
}
