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
  readonly card: Card;
  readonly at: Instant;
}

export interface Delivery extends NewDelivery {
  readonly id: number;
  readonly attempts: number;
  /** `attempted` was called and neither `delivered` nor `failed` since: perhaps shown (a crash, or an ambiguous answer). */
  readonly uncertain: boolean;
  /** The message to edit, when one with this key was delivered before. */
  readonly messageId: string | null;
}

export interface Deliveries {
  /** Where deriving stands: the number of the last event already turned into rows. */
  cursor(): Promise<number>;
  /** Adds rows and moves the cursor, all or none; rows whose `dedupe` exists are skipped. `cursor` null leaves it alone. */
  add(rows: readonly NewDelivery[], cursor: number | null): Promise<void>;
  /** Unsent rows of one room, most urgent first, then oldest, uncertain ones included; rows not due yet are left out. */
  due(room: RoomId, at: Instant, limit: number): Promise<readonly Delivery[]>;
  /** About to be sent: a crash from here on leaves an attempt without an outcome, which the next start sees. */
  attempted(id: number, at: Instant): Promise<void>;
  delivered(id: number, messageId: string, at: Instant): Promise<void>;
  /** Not sent; try again at `retryAt`, or never when null (`why` is kept). */
  failed(id: number, why: string, retryAt: Instant | null): Promise<void>;
  counts(): Promise<{
    readonly delivered: number;
    readonly waiting: number;
    readonly failed: number;
  }>;
}
