/**
 * The record. The event insert is the commit: one fenced, multi-row statement. What is promised elsewhere is promised
 * only after `append` has resolved with `ok`.
 */
import type { Event } from "../core/engine/event.ts";
import type { Result } from "../core/kernel/result.ts";
import type { Instant } from "../core/kernel/time.ts";

export type JournalFault =
  /** Another desk holds the lease: stop, nothing more may leave. */
  | { readonly kind: "fenced" }
  /** Sequence numbers do not continue what is stored: memory and journal disagree; a bug. */
  | { readonly kind: "out-of-order"; readonly detail: string }
  /** The database did not take it, or did and the answer was lost; `append` may be repeated with the same events. */
  | { readonly kind: "unavailable"; readonly detail: string };

export interface Checkpoint {
  readonly seq: number;
  readonly at: Instant;
  /** The encoded desk. */
  readonly body: string;
}

export interface Journal {
  /**
   * Makes the events durable, all or none. Repeating an append whose answer was lost is harmless: events already stored
   * with equal content count as stored.
   */
  append(events: readonly Event[]): Promise<Result<void, JournalFault>>;
  /** Events with `seq > after`, ascending, in pages of at most `limit`. */
  read(after: number, limit: number): Promise<readonly Event[]>;
  latestCheckpoint(): Promise<Checkpoint | null>;
  writeCheckpoint(checkpoint: Checkpoint): Promise<void>;
}
