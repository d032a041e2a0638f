/**
 * Carries what happened to people: reads committed events behind a cursor, makes rows of them, sends the rows. It is
 * never on the trading path, and a platform that does not answer holds up neither the desk nor another room.
 */
import { newAlertMemory, REMEMBERED_EVENTS, remember } from "../chat/alert-memory.ts";
import type { Card } from "../chat/card.ts";
import { cardFor } from "../chat/mask.ts";
import type { Event } from "../core/engine/event.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import { type Instant, later } from "../core/kernel/time.ts";
import type { Deliveries, NewDelivery } from "../ports/deliveries.ts";
import type { Journal } from "../ports/journal.ts";
import type { Standing } from "../ports/lease.ts";
import { type Audience, derive } from "./derive.ts";
import { backoffMs } from "./lane.ts";
import type { RoomSender } from "./room-sender.ts";
import { type RoomDoors, type RoomSettings, type SpokenRoom, spokenRooms } from "./spoken-rooms.ts";
import { unjournaled } from "./unjournaled.ts";
import { lateness, within } from "./within.ts";

export interface CourierDoors extends RoomDoors {
  readonly journal: Journal;
  /** Of the lease: rows of a desk that may send nothing are perhaps another's by now. */
  readonly standing?: Pick<Standing, "anything">;
}

export interface CourierSettings extends Audience, RoomSettings {}

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
  readonly #rooms: ReadonlyMap<RoomId, SpokenRoom>;
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
    this.#rooms = spokenRooms({ ...doors, deliveries: claimedUnderLease(doors) }, settings);
    this.#fallback = unjournaled({
      clock: doors.clock,
      timers: doors.timers,
      log: doors.log,
      audience: settings,
      memory: () => this.#memory,
      say: (row) => this.#rooms.get(row.room)?.outcry.say(row),
    });
  }

  /** Takes up where the last run stopped: makes the rows it did not, sends those it did not. Does not wait for either. */
  start(): void {
    this.nudge();
    for (const { mouth, sender } of this.#rooms.values()) {
      void mouth.ready();
      sender.wake();
    }
    const poll = this.#doors.timers.every(POLL_MS, () => {
      this.nudge();
      for (const { sender } of this.#rooms.values()) sender.wake();
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

  /** The platform answers again: messages that wait only for that are sent at once. */
  reachable(platform: string): void {
    for (const room of this.#rooms.values()) {
      if (room.platform === platform && !this.#stopped) room.sender.reachable();
    }
  }

  /**
   * Answers in one room, after everything that room was told before. Resolves when the answer is on its way.
   * @param under `message:<id>` of the message it is shown as a reply to
   */
  async answer(room: RoomId, card: Card, dedupe: string, under?: string): Promise<void> {
    const at: Instant = this.#doors.clock.now();
    const row = { room, lane: "reply", eventSeq: null, dedupe, key: null, edit: false } as const;
    const shown = cardFor(
      card,
      this.#settings.rooms.find(({ id }) => id === room),
    );
    await this.#put({ ...row, under: under ?? null, card: shown, at });
  }

  async counts(): Promise<CourierCounts> {
    const counts = await this.#doors.deliveries.counts();
    const now = this.#doors.clock.now();
    const ages = [...this.#rooms.values()].map(({ sender }) => now - (sender.oldest() ?? now));
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
    const rooms = [...this.#rooms.values()];
    await Promise.all(rooms.map(({ sender }) => send(sender, until)));
    const mouths = rooms.map(({ mouth }) => mouth.idle());
    await within(timers, Math.max(1, until - clock.now()), () => Promise.all(mouths));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#fallback.stop();
    for (const cancel of this.#cancels) cancel();
    for (const { mouth, outcry, sender } of this.#rooms.values()) {
      sender.stop();
      outcry.stop();
      mouth.stop();
    }
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
        if (this.#stopped) break;
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
    const { journal, deliveries, log } = this.#doors;
    if (this.#cursor < 0) await this.#recall();
    for (;;) {
      const events = await this.#asked(() => journal.read(this.#cursor, PAGE));
      const last = events[events.length - 1];
      if (!last || this.#stopped) return;
      const made = derive(events, this.#memory, this.#settings);
      const { rows, critical } = made;
      await this.#asked(() => deliveries.add(rows, last.seq));
      for (const one of made.mute) log.error("an event could not be told", { ...one });
      this.#memory = made.memory;
      for (const row of critical) this.#rooms.get(row.room)?.outcry.expect(row);
      this.#moveTo(last.seq);
      for (const room of new Set(rows.map(({ room }) => room)))
        this.#rooms.get(room)?.sender.wake();
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

  /** Stores the row, or says it without when the database does not answer in time. */
  async #put(row: NewDelivery): Promise<void> {
    const { timers, deliveries } = this.#doors;
    const stored = await within(timers, ANSWER_MS, () => deliveries.add([row], null));
    const room = this.#rooms.get(row.room);
    if (stored.ok) room?.sender.wake();
    else room?.outcry.say(row);
  }

  async #asked<T>(work: () => Promise<T>): Promise<T> {
    const answer = await within(this.#doors.timers, DATABASE_MS, work);
    if (answer.ok) return answer.value;
    throw new Error(lateness(answer.error));
  }
}

/** A desk that woke up and may send nothing must not mark rows as attempted either: the other desk would doubt them. */
function claimedUnderLease({ deliveries, standing }: CourierDoors): Deliveries {
  if (standing === undefined) return deliveries;
  return {
    ...deliveries,
    async attempted(id, at, mark) {
      const why = standing.anything();
      if (why !== null) throw new Error(why);
      return deliveries.attempted(id, at, mark);
    },
  };
}
