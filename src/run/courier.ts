/**
 * Carries what happened to people: reads committed events behind a cursor, makes rows of them, sends the rows. It is
 * never on the trading path, and a platform that does not answer holds up neither the desk nor another room.
 */
import { newAlertMemory, REMEMBERED_EVENTS, remember } from "../chat/alert-memory.ts";
import type { Card } from "../chat/card.ts";
import type { Event } from "../core/engine/event.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import { type Instant, later } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Deliveries, NewDelivery } from "../ports/deliveries.ts";
import type { Journal } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";
import type { Messenger } from "../ports/messenger.ts";
import type { Timers } from "../ports/timers.ts";
import { type Audience, derive } from "./derive.ts";
import { backoffMs } from "./lane.ts";
import { type RoomMouth, roomMouth } from "./room-mouth.ts";
import { type RoomPace, RoomSender } from "./room-sender.ts";
import { unjournaled } from "./unjournaled.ts";
import { lateness, within } from "./within.ts";

export interface CourierDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly journal: Journal;
  readonly deliveries: Deliveries;
  readonly messengers: readonly Messenger[];
}

export interface CourierSettings extends Audience {
  /** `LIVE nyc1`: goes before every headline. */
  readonly heading: () => string;
  readonly pace: (room: RoomId) => RoomPace;
}

export interface CourierCounts {
  readonly delivered: number;
  readonly waiting: number;
  readonly failed: number;
  /** Age of the oldest row waiting, 0 when none waits. */
  readonly oldestMs: number;
}

const PAGE = 200;
const DATABASE_MS = 5_000;
const ANSWER_MS = 1_500;
/** Rows that became due by themselves, and nudges that were missed, are found within this. */
const POLL_MS = 5_000;

export class Courier {
  readonly #doors: CourierDoors;
  readonly #settings: CourierSettings;
  readonly #mouths = new Map<RoomId, RoomMouth>();
  readonly #senders = new Map<RoomId, RoomSender>();
  readonly #fallback;
  #memory = newAlertMemory();
  #cursor = -1;
  #failures = 0;
  #deriving: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #waiters: { readonly seq: number; readonly resolve: () => void }[] = [];
  #cancels: (() => void)[] = [];

  constructor(doors: CourierDoors, settings: CourierSettings) {
    this.#doors = doors;
    this.#settings = settings;
    for (const room of settings.rooms) {
      const platform = room.id.slice(0, room.id.indexOf(":"));
      const messenger = doors.messengers.find((one) => one.platform === platform);
      if (!messenger) {
        doors.log.error("a room has no messenger; nobody hears it", { room: room.id });
        continue;
      }
      const mouth = roomMouth({ ...doors, messenger, heading: settings.heading });
      this.#mouths.set(room.id, mouth);
      this.#senders.set(room.id, new RoomSender(room, settings.pace(room.id), { ...doors, mouth }));
    }
    this.#fallback = unjournaled({
      clock: doors.clock,
      timers: doors.timers,
      audience: settings,
      memory: () => this.#memory,
      say: (row) => void this.#mouths.get(row.room)?.sayUnstored(row),
    });
  }

  /** Takes up where the last run stopped: makes the rows it did not, sends those it did not. Does not wait for either. */
  start(): void {
    this.nudge();
    for (const sender of this.#senders.values()) sender.wake();
    const poll = this.#doors.timers.every(POLL_MS, () => {
      this.nudge();
      for (const sender of this.#senders.values()) sender.wake();
    });
    this.#cancels.push(poll);
  }

  /** Events were committed. */
  nudge(): void {
    this.#again = true;
    if (this.#deriving === null && !this.#stopped) this.#deriving = this.#derive();
  }

  /** Events as they are decided, durable or not: critical ones reach people even when no row can be made. */
  hear(events: readonly Event[]): void {
    if (!this.#stopped) this.#fallback.hear(events);
  }

  /** Resolves once rows exist for everything up to `seq`. */
  derivedThrough(seq: number): Promise<void> {
    if (this.#cursor >= seq) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ seq, resolve });
      this.nudge();
    });
  }

  /** Answers in one room, after everything that room was told before. Resolves when the answer is on its way. */
  async answer(room: RoomId, card: Card, dedupe: string): Promise<void> {
    await this.#put([this.#row(room, card, dedupe, "reply")]);
  }

  async counts(): Promise<CourierCounts> {
    const counts = await this.#doors.deliveries.counts();
    const now = this.#doors.clock.now();
    const ages = [...this.#senders.values()].map((sender) => now - (sender.oldest() ?? now));
    return { ...counts, oldestMs: Math.max(0, ...ages) };
  }

  /** Says what happened so far, edits in their time; resolves when that is done or when the time is over. */
  settle(timeoutMs: number): Promise<void> {
    return this.#empty(timeoutMs, (sender, until) => sender.settle(until));
  }

  /** Makes the last rows and sends what can be sent in the time given. What is left is sent by the next run. */
  drain(timeoutMs: number): Promise<void> {
    return this.#empty(timeoutMs, (sender, until) => sender.drain(until));
  }

  async #empty(
    timeoutMs: number,
    send: (sender: RoomSender, until: Instant) => Promise<void>,
  ): Promise<void> {
    const { clock, timers } = this.#doors;
    const until = later(clock.now(), timeoutMs);
    this.nudge();
    while (this.#deriving !== null && clock.now() < until) {
      const current = this.#deriving;
      await within(timers, until - clock.now(), () => current);
    }
    await Promise.all([...this.#senders.values()].map((sender) => send(sender, until)));
    const mouths = [...this.#mouths.values()].map((mouth) => mouth.idle());
    await within(timers, Math.max(1, until - clock.now()), () => Promise.all(mouths));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#fallback.stop();
    for (const cancel of this.#cancels) cancel();
    for (const sender of this.#senders.values()) sender.stop();
    for (const { resolve } of this.#waiters) resolve();
    this.#waiters = [];
  }

  async #derive(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#catchUp();
        this.#failures = 0;
      } catch (cause) {
        this.#doors.log.warn("no rows can be made of events", { why: String(cause) });
        const cancel = this.#doors.timers.after(backoffMs(this.#failures), () => this.nudge());
        this.#failures += 1;
        this.#cancels = [...this.#cancels.slice(0, 1), cancel];
        break;
      }
    }
    this.#deriving = null;
  }

  async #catchUp(): Promise<void> {
    const { journal, deliveries } = this.#doors;
    if (this.#cursor < 0) await this.#recall();
    for (;;) {
      const events = await this.#asked(() => journal.read(this.#cursor, PAGE));
      const last = events[events.length - 1];
      if (!last || this.#stopped) return;
      const { rows, memory } = derive(events, this.#memory, this.#settings);
      await this.#asked(() => deliveries.add(rows, last.seq));
      this.#memory = memory;
      this.#moveTo(last.seq);
      for (const room of new Set(rows.map(({ room }) => room))) this.#senders.get(room)?.wake();
    }
  }

  /** Where deriving stands, and what was said shortly before. */
  async #recall(): Promise<void> {
    const { journal, deliveries } = this.#doors;
    const cursor = await this.#asked(() => deliveries.cursor());
    let memory = newAlertMemory();
    let after = Math.max(0, cursor - REMEMBERED_EVENTS);
    while (after < cursor) {
      const from = after;
      const events = await this.#asked(() => journal.read(from, Math.min(PAGE, cursor - from)));
      if (events.length === 0) break;
      memory = events.reduce(remember, memory);
      after = events[events.length - 1]?.seq ?? cursor;
    }
    this.#memory = memory;
    this.#moveTo(cursor);
  }

  #moveTo(seq: number): void {
    this.#cursor = seq;
    this.#fallback.derived(seq);
    for (const { resolve } of this.#waiters.filter((one) => one.seq <= seq)) resolve();
    this.#waiters = this.#waiters.filter((one) => one.seq > seq);
  }

  /** Stores the rows, or says them without when the database does not answer in time. */
  async #put(rows: readonly NewDelivery[]): Promise<void> {
    const { timers, deliveries } = this.#doors;
    const stored = await within(timers, ANSWER_MS, () => deliveries.add(rows, null));
    for (const row of rows) {
      if (stored.ok) this.#senders.get(row.room)?.wake();
      else void this.#mouths.get(row.room)?.sayUnstored(row);
    }
  }

  #row(room: RoomId, card: Card, dedupe: string, lane: NewDelivery["lane"]): NewDelivery {
    const at: Instant = this.#doors.clock.now();
    return { room, lane, eventSeq: null, dedupe, key: null, edit: false, card, at };
  }

  async #asked<T>(work: () => Promise<T>): Promise<T> {
    const answer = await within(this.#doors.timers, DATABASE_MS, work);
    if (answer.ok) return answer.value;
    throw new Error(lateness(answer.error));
  }
}
