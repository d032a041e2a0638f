/** Empties one room's rows, most urgent first, one at a time; a room that cannot be reached holds up no other. */

import type { Card } from "../chat/card.ts";
import { labelled } from "../chat/compose.ts";
import type { Room } from "../chat/person.ts";
import { type Instant, later } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Deliveries, Delivery } from "../ports/deliveries.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import { afterSend, mayRepeat } from "./lane.ts";
import { choose } from "./next-row.ts";
import { Bucket, type Pace } from "./pace.ts";
import type { RoomMouth } from "./room-mouth.ts";
import { lateness, within } from "./within.ts";

export interface RoomPace {
  /** Null for a room without a limit, such as the console. */
  readonly pace: Pace | null;
  /** Edits in the info lane leave at most this often; those in the critical lane up to once a second. */
  readonly editEveryMs: number;
}

export interface SenderDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly deliveries: Deliveries;
  readonly mouth: RoomMouth;
}

const PAGE = 200;
const DATABASE_MS = 5_000;
const DATABASE_RETRY_MS = 1_000;

/** What one round came to: something was settled, or when to look again; null when only a wake can tell. */
type Round = { readonly kind: "settled" } | { readonly kind: "wait"; readonly ms: number | null };

export class RoomSender {
  readonly #room: Room;
  readonly #pacing: RoomPace;
  readonly #doors: SenderDoors;
  readonly #bucket: Bucket;
  /** Rows of uncertain outcome, and when they may be looked at again. */
  readonly #notBefore = new Map<number, Instant>();
  /** Outcomes that are certain here and could not be written down yet: a message id, or null for not sent. */
  readonly #known = new Map<number, string | null>();
  readonly #lastEdit = { critical: -1e15, reply: -1e15, info: -1e15 };
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #hurried = false;
  /** The room refuses for good, and that has been logged. */
  #refused = false;
  /** Nothing waits that this room could still send. */
  #resting = false;
  #silentUntil = 0;
  #oldest: Instant | null = null;
  #cancelTimer = (): void => {};

  constructor(room: Room, pacing: RoomPace, doors: SenderDoors) {
    this.#room = room;
    this.#pacing = pacing;
    this.#doors = doors;
    this.#bucket = new Bucket(pacing.pace, doors.clock.now());
  }

  /** There may be something to send. Never throws, never waits. */
  wake(): void {
    this.#again = true;
    this.#resting = false;
    if (this.#running === null && !this.#stopped) this.#running = this.#run();
  }

  /** When the oldest row it has seen waiting was written, or null. */
  oldest(): Instant | null {
    return this.#oldest;
  }

  /** Sends what may be sent now and leaves edits their time; resolves when that is done or when the time is over. */
  async settle(until: Instant): Promise<void> {
    const { clock, timers } = this.#doors;
    this.wake();
    while (this.#running !== null && clock.now() < until) {
      const current = this.#running;
      await within(timers, until - clock.now(), () => current);
    }
  }

  /** Sends what is due without sparing edits, to the end of the run; resolves when nothing is left or when the time is over. */
  async drain(until: Instant): Promise<void> {
    const { clock, timers } = this.#doors;
    this.#hurried = true;
    this.wake();
    while (!this.#resting && !this.#stopped && clock.now() < until) {
      const pause = (): Promise<void> => new Promise((resolve) => timers.after(20, resolve));
      const current = this.#running ?? pause();
      await within(timers, until - clock.now(), () => current);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
  }

  async #run(): Promise<void> {
    let next: Round = { kind: "settled" };
    while (!this.#stopped && (next.kind === "settled" || this.#again)) {
      this.#again = false;
      try {
        next = await this.#round();
      } catch (cause) {
        const fields = { room: this.#room.id, why: String(cause) };
        this.#doors.log.warn("deliveries cannot be read or written", fields);
        next = { kind: "wait", ms: DATABASE_RETRY_MS };
      }
    }
    this.#running = null;
    this.#resting = next.kind === "wait" && next.ms === null;
    if (this.#stopped || next.kind === "settled" || next.ms === null) return;
    this.#cancelTimer();
    this.#cancelTimer = this.#doors.timers.after(Math.max(1, next.ms), () => this.wake());
  }

  async #round(): Promise<Round> {
    const now = this.#doors.clock.now();
    if (now < this.#silentUntil) return { kind: "wait", ms: this.#silentUntil - now };
    const rows = await this.#asked(() => this.#doors.deliveries.due(this.#room.id, now, PAGE));
    this.#oldest = rows.reduce<Instant | null>(
      (first, { at }) => (first === null || at < first ? at : first),
      null,
    );
    const chosen = choose(rows, {
      now,
      notBefore: this.#notBefore,
      lastEdit: this.#lastEdit,
      // Edits that wait must not fill the page, behind whose end other messages would stay unseen.
      editEveryMs: this.#hurried || rows.length >= PAGE ? 0 : this.#pacing.editEveryMs,
    });
    return chosen.kind === "wait" ? chosen : this.#settle(chosen.group);
  }

  /** What is known already is only written down; the rest is sent. */
  async #settle(group: readonly Delivery[]): Promise<Round> {
    const { clock, deliveries, mouth } = this.#doors;
    const [head] = group;
    const newest = group[group.length - 1];
    if (!head || !newest) return { kind: "wait", ms: null };
    // It may be on its way without its row: how that ends decides whether the row is sent at all.
    if (mouth.unstored(head.dedupe) !== null) await mouth.idle();
    const unstored = mouth.unstored(head.dedupe);
    const messageId = unstored?.kind === "sent" ? unstored.messageId : this.#known.get(head.id);
    if (typeof messageId === "string") {
      await this.#asked(() => deliveries.delivered(head.id, messageId, clock.now()));
      this.#known.delete(head.id);
      return { kind: "settled" };
    }
    const doubted = head.uncertain && messageId === undefined;
    const repeat = doubted ? mayRepeat(head) : "freely";
    if (repeat === "never") {
      await this.#asked(() => deliveries.failed(head.id, "perhaps shown before", null));
      return { kind: "settled" };
    }
    const waitMs = this.#bucket.take(clock.now(), head.lane === "critical");
    if (waitMs > 0) return { kind: "wait", ms: waitMs };
    const doubtful = repeat === "labelled" || unstored !== null;
    const card = doubtful ? labelled(newest.card, "possibly repeated") : newest.card;
    return this.#send(head, card, group);
  }

  async #send(head: Delivery, card: Card, group: readonly Delivery[]): Promise<Round> {
    const { clock, deliveries, mouth, log } = this.#doors;
    await this.#asked(() => deliveries.attempted(head.id, clock.now()));
    this.#known.delete(head.id);
    const sent = await mouth.say({ ...head, card });
    const now = clock.now();
    if (head.edit && head.messageId !== null) this.#lastEdit[head.lane] = now;
    const next = afterSend(sent, head, head.attempts + 1, now - head.at);
    this.#notBefore.delete(head.id);
    switch (next.kind) {
      case "delivered":
        this.#refused = false;
        // Oldest first: a crash in between leaves only newer ones, which are edited in again.
        for (const { id } of group) this.#known.set(id, next.messageId);
        for (const { id } of group) {
          await this.#asked(() => deliveries.delivered(id, next.messageId, now));
          this.#known.delete(id);
        }
        return { kind: "settled" };
      case "retry":
        this.#known.set(head.id, null);
        this.#silentUntil = now + next.afterMs;
        await this.#asked(() => deliveries.failed(head.id, next.why, later(now, next.afterMs)));
        this.#known.delete(head.id);
        return { kind: "wait", ms: next.afterMs };
      case "uncertain":
        this.#notBefore.set(head.id, later(now, next.afterMs));
        return { kind: "settled" };
      case "give-up":
        if (sent.kind !== "refused" || !this.#refused) {
          log.warn("a message was given up", {
            room: this.#room.id,
            lane: head.lane,
            why: next.why,
          });
        }
        this.#refused = sent.kind === "refused";
        await this.#asked(() => deliveries.failed(head.id, next.why, null));
        return { kind: "settled" };
    }
  }

  async #asked<T>(work: () => Promise<T>): Promise<T> {
    const answer = await within(this.#doors.timers, DATABASE_MS, work);
    if (answer.ok) return answer.value;
    throw new Error(lateness(answer.error));
  }
}
