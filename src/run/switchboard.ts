/**
 * Connects people to the desk: every message is judged, then asked or submitted, one at a time for each room, so that
 * answers come in the order of the messages. Only /pause and /kill wait for nothing.
 */
import type { Card } from "../chat/card.ts";
import type { Command } from "../chat/command.ts";
import type { Manner } from "../chat/line.ts";
import type { Person, Room } from "../chat/person.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { InboundId, RoomId } from "../core/kernel/ids.ts";
import type { Result } from "../core/kernel/result.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";
import type { Arrival, Inbound } from "../ports/inbound.ts";
import type { Log } from "../ports/log.ts";
import type { Query } from "../ports/query.ts";
import type { Timers } from "../ports/timers.ts";
import { type Bench, type Judgement, judge } from "./judge.ts";
import { messageRate, RATE_MS } from "./message-rate.ts";
import * as refusals from "./refusals.ts";
import { roster, strangers } from "./roster.ts";
import { type Lateness, lateness, within } from "./within.ts";

/** What the switchboard needs of the courier. */
export interface Answers {
  answer(room: RoomId, card: Card, dedupe: string): Promise<void>;
  derivedThrough(seq: number): Promise<void>;
}

export interface SwitchboardDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly inbound: Inbound;
  readonly engine: Engine;
  readonly query: Query;
  readonly courier: Answers;
}

export interface SwitchboardSettings {
  readonly commands: readonly Command[];
  readonly people: readonly Person[];
  readonly rooms: readonly Room[];
  readonly wall: WallClock;
  readonly manner: (room: RoomId) => Manner;
  /** Messages one person may send in a minute, /pause and /kill excepted; 20 unless told. */
  readonly perMinute?: number;
  /** Rooms without that limit, such as the operator's own terminal; none unless told. */
  readonly unlimited?: (room: RoomId) => boolean;
}

const PER_MINUTE = 20;
const DATABASE_MS = 1_500;
const DERIVED_MS = 1_500;
/** Messages of one room waiting to be handled; more are dropped, but for what lowers risk. */
const QUEUE = 100;
const REMEMBERED = 2_048;

type Requested = Extract<Judgement, { kind: "request" }>;
type Stored = Promise<Result<boolean, Lateness>>;

export class Switchboard {
  readonly #doors: SwitchboardDoors;
  readonly #settings: SwitchboardSettings;
  readonly #bench: Bench;
  readonly #queues = new Map<RoomId, { waiting: number; tail: Promise<void> }>();
  readonly #seen = new Set<InboundId>();
  readonly #tallies = new Set<() => void>();
  #dropped = 0;
  #open = true;

  constructor(doors: SwitchboardDoors, settings: SwitchboardSettings) {
    const perMinute = settings.perMinute ?? PER_MINUTE;
    this.#doors = doors;
    this.#settings = settings;
    this.#bench = {
      commands: settings.commands,
      roster: roster(settings.people, settings.rooms),
      strangers: strangers(),
      rate: messageRate(perMinute),
      perMinute,
      unlimited: settings.unlimited ?? (() => false),
      manner: settings.manner,
      view: () => doors.query.view(),
    };
  }

  /** A message reached us. Returns at once, never throws. */
  receive(arrival: Arrival): void {
    if (this.#open) this.#admit(arrival, false);
  }

  /** Handles what a crash left, by the same rules; ages count from when it was sent. */
  async start(): Promise<void> {
    const { inbound, timers, log } = this.#doors;
    const left = await within(timers, 4 * DATABASE_MS, () => inbound.unfinished());
    if (!left.ok) {
      log.warn("messages left by the last run cannot be read", { why: lateness(left.error) });
      return;
    }
    for (const arrival of left.value) this.#admit(arrival, true);
  }

  /** Everything received so far has been handled. */
  async idle(): Promise<void> {
    await Promise.all([...this.#queues.values()].map(({ tail }) => tail));
  }

  counts(): { readonly strangers: number; readonly dropped: number } {
    return { strangers: this.#bench.strangers.count(), dropped: this.#dropped };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    for (const cancel of this.#tallies) cancel();
    await this.idle();
  }

  #admit(arrival: Arrival, stored: boolean): void {
    if (this.#seen.has(arrival.id)) return;
    this.#seen.add(arrival.id);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= REMEMBERED) break;
      this.#seen.delete(oldest);
    }
    const judgement = judge(arrival, this.#doors.clock.now(), this.#bench);
    if (judgement.kind === "ignore" && !stored) return;
    const queue = this.#queueOf(arrival.room);
    const full = queue.waiting >= QUEUE;
    if (judgement.kind === "request" && isUrgent(judgement)) {
      // Neither the database nor an earlier message is waited for; only the answer keeps its place in the queue.
      const store = stored ? null : this.#store(arrival);
      const submitted = this.#submit(arrival, judgement);
      this.#enqueue(queue, arrival, () => this.#afterwards(arrival, judgement, submitted, store));
      return;
    }
    if (full && !stored) {
      this.#dropped += 1;
      this.#doors.log.warn("a room sends more than can be handled", { room: arrival.room });
      return;
    }
    this.#enqueue(queue, arrival, () => this.#handle(arrival, judgement, stored));
  }

  #queueOf(room: RoomId): { waiting: number; tail: Promise<void> } {
    const queue = this.#queues.get(room) ?? { waiting: 0, tail: Promise.resolve() };
    // Rooms that are not ours come and go without limit; they are answered with silence and need no queue of their own.
    if (this.#bench.roster.isRoom(room)) this.#queues.set(room, queue);
    return queue;
  }

  #enqueue(
    queue: { waiting: number; tail: Promise<void> },
    arrival: Arrival,
    work: () => Promise<void>,
  ): void {
    queue.waiting += 1;
    queue.tail = queue.tail
      .then(work)
      .catch((cause: unknown) => {
        this.#doors.log.error("a message could not be handled", {
          room: arrival.room,
          why: String(cause),
        });
      })
      .finally(() => {
        queue.waiting -= 1;
      });
  }

  async #handle(arrival: Arrival, judgement: Judgement, stored: boolean): Promise<void> {
    if (judgement.kind !== "stranger" && !stored) {
      const isNew = await this.#store(arrival);
      if (isNew.ok && !isNew.value) return;
    }
    switch (judgement.kind) {
      case "stranger":
        if (judgement.say !== null) await this.#answer(arrival, judgement.say);
        return;
      case "ignore":
        return this.#done(arrival, `ignored: ${judgement.why}`);
      case "refuse":
        await this.#answer(arrival, judgement.say);
        return this.#done(arrival, `refused: ${judgement.why}`);
      case "flood":
        this.#tallyLater(arrival, judgement.person);
        await this.#answer(arrival, judgement.say);
        return this.#done(arrival, "refused: too many");
      case "question": {
        const { account, room } = arrival;
        const who = { person: judgement.person, account, room, clock: this.#settings.wall };
        await this.#answer(arrival, judgement.ask(this.#doors.query.view(), who));
        return this.#done(arrival, "answered");
      }
      case "request":
        if (this.#isLate(arrival, judgement.command)) {
          const waitedMs = this.#doors.clock.now() - arrival.receivedAt;
          await this.#answer(arrival, refusals.tooOld(judgement.command, waitedMs));
          return this.#done(arrival, "refused: waited too long");
        }
        return this.#afterwards(arrival, judgement, this.#submit(arrival, judgement), null);
    }
  }

  /** Says once a minute how many messages of a flood were not read, until none was. */
  #tallyLater(first: Arrival, person: Person): void {
    const { clock, timers } = this.#doors;
    const cancel = timers.after(RATE_MS, () => {
      this.#tallies.delete(cancel);
      const now = clock.now();
      const { rate, perMinute } = this.#bench;
      const count = rate.tally(person.id, now);
      if (count === 0 || !this.#open) return;
      const say = refusals.moreNotRead(count, perMinute);
      this.#enqueue(this.#queueOf(first.room), first, () =>
        this.#answer(first, say, `more:${now}`),
      );
      this.#tallyLater(first, person);
    });
    this.#tallies.add(cancel);
  }

  /** True when it was fresh on arrival and grew old behind others. */
  #isLate({ receivedAt }: Arrival, { freshness }: Command): boolean {
    const waitedMs = this.#doors.clock.now() - receivedAt;
    return freshness.older === "refuse" && waitedMs > freshness.maxAgeMs;
  }

  /** Puts the request in the inbox now. Never rejects; `undefined` when the engine failed to take it. */
  async #submit(
    arrival: Arrival,
    { person, request }: Requested,
  ): Promise<number | null | undefined> {
    const { id, room } = arrival;
    const by = { person: person.id, name: person.name, room, inbound: id };
    try {
      return await this.#doors.engine.submit(request, by);
    } catch (cause) {
      this.#doors.log.error("the engine did not take a request", { why: String(cause) });
      return undefined;
    }
  }

  /** The room's next message waits until the answer to this one has its place in the outbox. */
  async #afterwards(
    arrival: Arrival,
    { command, note }: Requested,
    submitted: Promise<number | null | undefined>,
    store: Stored | null,
  ): Promise<void> {
    const { timers, courier } = this.#doors;
    const seq = await submitted;
    if (typeof seq === "number") {
      await within(timers, DERIVED_MS, () => courier.derivedThrough(seq));
    } else {
      const say = seq === null ? refusals.noJournal(command) : refusals.failed(command);
      await this.#answer(arrival, say, "state");
    }
    if (note) await this.#answer(arrival, note, "note");
    if (store !== null) await store;
    this.#done(arrival, seq === undefined ? "failed" : `submitted: ${command.words}`);
  }

  #answer(arrival: Arrival, card: Card, part = "answer"): Promise<void> {
    return this.#doors.courier.answer(arrival.room, card, `inbound:${arrival.id}:${part}`);
  }

  /** Bounded: without an answer of the database the message is handled all the same. */
  async #store(arrival: Arrival): Stored {
    const { timers, inbound, log } = this.#doors;
    const isNew = await within(timers, DATABASE_MS, () => inbound.store(arrival));
    if (!isNew.ok) {
      log.warn("a message is handled without its row", { why: lateness(isNew.error) });
    }
    return isNew;
  }

  #done(arrival: Arrival, outcome: string): void {
    const { clock, timers, inbound, log } = this.#doors;
    void within(timers, 4 * DATABASE_MS, () => inbound.done(arrival.id, outcome, clock.now())).then(
      (done) => {
        if (!done.ok) log.warn("a message cannot be marked done", { why: lateness(done.error) });
      },
    );
  }
}

/** What lowers risk at once, and cannot be had too often. */
const isUrgent = ({ request }: Requested): boolean =>
  request.verb === "kill" || request.verb === "pause";
