/**
 * The outbox. A row is written in the transaction that moves the courier's cursor over the event it speaks of, and holds
 * the Card; markup is made when it is sent. Everything that is sent is sent from rows.
 */
import type { Card } from "../chat/card.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";

/** Strictly served in this order. */
export type Lane = "critical" | "reply" | "info";

export interface NewDelivery {
  readonly room: RoomId;
  readonly lane: Lane;
  /** The event it speaks of, or null for the answer to a question. */
  readonly eventSeq: number | null;
  /** Unique for ever: the same fact is never said twice in one room. */
  readonly dedupe: string;
  /** Deliveries of one room with the same key are one message on the platform, edited in place; null for a message of its own. */
  readonly key: string | null;
  /** An edit rings no phone; an outcome is always a new message. */
  readonly edit: boolean;
  /** Shown as a reply: to the message of this key in the same room, or to `message:<id>`; null for none. */
  readonly under: string | null;
  readonly card: Card;
  readonly at: Instant;
}

export interface Delivery extends NewDelivery {
  /** 0 for a message that is sent without its row; `dedupe` names that one too. */
  readonly id: number;
  readonly attempts: number;
  /** `attempted` was called and neither `delivered` nor `failed` since: perhaps shown (a crash, or an ambiguous answer). */
  readonly uncertain: boolean;
  /** When it was last attempted, or null. */
  readonly attemptedAt: Instant | null;
  /** What the messenger gave to look for it by, right before it was last attempted; null when it gave nothing. */
  readonly mark: string | null;
  /** The message to edit, when one with this key was delivered before. */
  readonly messageId: string | null;
  /** The message `under` stands for, when it is there. */
  readonly rootId: string | null;
}

export interface Deliveries {
  /** Where deriving stands: the number of the last event already turned into rows. */
  cursor(): Promise<number>;
  /** Adds rows and moves the cursor, all or none; rows whose `dedupe` exists are skipped. `cursor` null leaves it alone. */
  add(rows: readonly NewDelivery[], cursor: number | null): Promise<void>;
  /** Unsent rows of one room, most urgent first, then oldest, uncertain ones included; none while one of them may not be tried yet. */
  due(room: RoomId, at: Instant, limit: number): Promise<readonly Delivery[]>;
  /** About to be sent: a crash from here on leaves an attempt without an outcome, which the next start sees. */
  attempted(id: number, at: Instant, mark: string | null): Promise<void>;
  delivered(id: number, messageId: string, at: Instant): Promise<void>;
  /** Not sent; try again at `retryAt`, or never when null (`why` is kept). */
  failed(id: number, why: string, retryAt: Instant | null): Promise<void>;
  /** One row in the place of waiting ones, which are never sent; uncertain ones among them stay. All or none. */
  merge(ids: readonly number[], into: NewDelivery): Promise<void>;
  /** Ids of the messages last delivered in a room, newest last. */
  recent(room: RoomId, limit: number): Promise<readonly string[]>;
  counts(): Promise<{
    readonly delivered: number;
    readonly waiting: number;
    readonly failed: number;
  }>;
}
