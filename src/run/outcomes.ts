/** What became of a room's rows. What is certain is kept here until the database has it, so that no outage says anything twice. */
import type { RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Deliveries, Delivery, NewDelivery } from "../ports/deliveries.ts";
import type { Timers } from "../ports/timers.ts";
import { lateness, within } from "./within.ts";

export interface OutcomeDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly deliveries: Deliveries;
}

const DATABASE_MS = 5_000;

/** Each call rejects when the database does not answer. */
export class Outcomes {
  readonly #doors: OutcomeDoors;
  /** Known here and perhaps not written: a message id, or null for not sent. */
  readonly #known = new Map<number, string | null>();

  constructor(doors: OutcomeDoors) {
    this.#doors = doors;
  }

  /** A message id; null for certainly not sent; undefined when the row says all there is to know. */
  known(id: number): string | null | undefined {
    return this.#known.get(id);
  }

  due(room: RoomId, limit: number): Promise<readonly Delivery[]> {
    const { clock, deliveries } = this.#doors;
    return this.#asked(() => deliveries.due(room, clock.now(), limit));
  }

  /** An attempt that cannot be noted is not made. @param doubted an earlier one may have been shown */
  async attempted(id: number, at: Instant, mark: string | null, doubted: boolean): Promise<void> {
    if (!doubted) this.#known.set(id, null);
    await this.#asked(() => this.#doors.deliveries.attempted(id, at, mark));
    this.#known.delete(id);
  }

  /** Oldest first: a crash in between leaves only newer edits, which are made again. */
  async delivered(rows: readonly Delivery[], messageId: string): Promise<void> {
    const { clock, deliveries } = this.#doors;
    for (const { id } of rows) this.#known.set(id, messageId);
    for (const { id } of rows) {
      await this.#asked(() => deliveries.delivered(id, messageId, clock.now()));
      this.#known.delete(id);
    }
  }

  async notSent(id: number, why: string, retryAt: Instant): Promise<void> {
    this.#known.set(id, null);
    await this.#asked(() => this.#doors.deliveries.failed(id, why, retryAt));
    this.#known.delete(id);
  }

  givenUp(id: number, why: string): Promise<void> {
    return this.#asked(() => this.#doors.deliveries.failed(id, why, null));
  }

  merge(ids: readonly number[], into: NewDelivery): Promise<void> {
    return this.#asked(() => this.#doors.deliveries.merge(ids, into));
  }

  async #asked<T>(work: () => Promise<T>): Promise<T> {
    const answer = await within(this.#doors.timers, DATABASE_MS, work);
    if (answer.ok) return answer.value;
    throw new Error(lateness(answer.error));
  }
}
