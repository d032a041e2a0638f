/**
 * Connects people to the desk: every message is judged, then asked or submitted, one at a time for each room, so that
 * answers come in the order of the messages. Only /pause and /kill wait for nothing.
 */
import type { Card } from "../chat/card.ts";
import type { Command } from "../chat/command.ts";
import type { Manner } from "../chat/line.ts";
import type { Person, Room } from "../chat/person.ts";
import { platformOf } from "../chat/platform.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Engine } from "../ports/engine.ts";
import type { Echo, Hearer, Origin } from "../ports/hearer.ts";
import type { Arrival, Inbound } from "../ports/inbound.ts";
import type { Log } from "../ports/log.ts";
import type { Notices } from "../ports/notices.ts";
import type { Query } from "../ports/query.ts";
import type { Seal } from "../ports/seal.ts";
import type { Timers } from "../ports/timers.ts";
import { type Floods, floods } from "./floods.ts";
import { type Bench, type Judgement, judge } from "./judge.ts";
import { type Keeper, type Kept, keeper } from "./keeper.ts";
import { messageRate } from "./message-rate.ts";
import { type Queues, queues } from "./queues.ts";
import * as refusals from "./refusals.ts";
import { type Answers, type Replies, replies } from "./replies.ts";
import { greetings, roster } from "./roster.ts";
import { type Tallies, type TallyCounts, tallies } from "./tallies.ts";
import { within } from "./within.ts";
import { wrongCodes } from "./wrong-codes.ts";

export interface SwitchboardDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly inbound: Inbound;
  readonly engine: Engine;
  readonly query: Query;
  readonly notices: Notices;
  readonly courier: Answers;
}

export interface SwitchboardSettings {
  readonly commands: readonly Command[];
  readonly people: readonly Person[];
  readonly rooms: readonly Room[];
  readonly wall: WallClock;
  readonly manner: (room: RoomId) => Manner;
  readonly seal: Seal["of"];
  /** Messages one person may send in a minute, /pause and /kill excepted; 20 unless told. */
  readonly perMinute?: number;
  /** Rooms without that limit, such as the operator's own terminal; none unless told. */
  readonly unlimited?: (room: RoomId) => boolean;
}

export interface SwitchboardCounts extends TallyCounts {
  readonly dropped: number;
  /** By what was wrong with them. */
  readonly refused: Readonly<Record<string, number>>;
}

const PER_MINUTE = 20;
const DERIVED_MS = 1_500;
const STOP_MS = 3_000;
const NOTHING_KEPT: Promise<void> = Promise.resolve();

/** What has a place in its room's queue. */
type Handled = Exclude<Judgement, { kind: "stranger" | "elsewhere" }>;
type Requested = Extract<Judgement, { kind: "request" }>;

/** A message on its way through: how its sender is answered, and its row; null when it has none or an earlier run wrote it. */
interface Heard {
  readonly arrival: Arrival;
  readonly echo: Echo | null;
  readonly kept: Kept | null;
}

export class Switchboard implements Hearer {
  readonly #doors: SwitchboardDoors;
  readonly #settings: SwitchboardSettings;
  readonly #bench: Bench;
  readonly #keeper: Keeper;
  readonly #tallies: Tallies;
  readonly #queues: Queues;
  readonly #replies: Replies;
  readonly #floods: Floods;
  readonly #refused = new Map<string, number>();
  #dropped = 0;
  #open = true;
  #over = false;

  constructor(doors: SwitchboardDoors, settings: SwitchboardSettings) {
    const perMinute = settings.perMinute ?? PER_MINUTE;
    this.#doors = doors;
    this.#settings = settings;
    this.#keeper = keeper(doors);
    this.#tallies = tallies(doors);
    this.#replies = replies(doors);
    this.#bench = {
      commands: settings.commands,
      roster: roster(settings.people, settings.rooms),
      greetings: greetings(),
      wrongCodes: wrongCodes(doors.notices),
      rate: messageRate(perMinute),
      perMinute,
      unlimited: settings.unlimited ?? (() => false),
      manner: settings.manner,
      seal: settings.seal,
      wall: settings.wall,
      view: () => doors.query.view(),
    };
    this.#queues = queues(this.#bench.roster.isRoom, doors.log);
    this.#floods = floods({
      ...doors,
      rate: this.#bench.rate,
      perMinute,
      say: (to, card, part) =>
        this.#queues.put(to.room, () => this.#replies.answer(to, card, part)),
    });
  }

  receive(arrival: Arrival, echo: Echo | null = null): void {
    if (!this.#open) return;
    const kept = this.#keeper.once(arrival.id, () => this.#admit(arrival, echo, false));
    if (!echo) return;
    kept
      .then(() => echo.taken())
      .catch((cause: unknown) => {
        this.#doors.log.warn("a platform cannot be told that a message arrived", {
          why: String(cause),
        });
      });
  }

  turnedAway(platform: string, origin: Origin): void {
    if (this.#open) this.#tallies.turnedAway(platform, origin);
  }

  /** Handles what a crash left, by the same rules; ages count from when it was sent. Messages may be heard meanwhile. */
  async start(): Promise<void> {
    await this.#keeper.takeUp((arrival) => this.#admit(arrival, null, true));
  }

  /** Everything received so far has been handled. */
  async idle(): Promise<void> {
    await this.#queues.idle();
  }

  counts(): SwitchboardCounts {
    return {
      ...this.#tallies.counts(),
      dropped: this.#dropped,
      refused: Object.fromEntries(this.#refused),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    this.#tallies.stop();
    this.#floods.stop();
    this.#keeper.stop();
    // What then still waits for a database or a platform is left to the next start.
    await within(this.#doors.timers, STOP_MS, () => this.idle());
    this.#over = true;
  }

  /** `left` by an earlier run: its row is there. Resolves when the message is kept, or needs no keeping; never rejects. */
  #admit(arrival: Arrival, echo: Echo | null, left: boolean): Promise<unknown> {
    const { clock, log } = this.#doors;
    let judgement: Judgement;
    try {
      judgement = judge(arrival, clock.now(), this.#bench);
    } catch (cause) {
      log.error("a message could not be judged", { room: arrival.room, why: String(cause) });
      return NOTHING_KEPT;
    }
    if (judgement.kind === "stranger") return this.#greet(arrival, echo, judgement.say, left);
    if (judgement.kind === "elsewhere") return this.#elsewhere(arrival, echo, judgement, left);
    if (judgement.kind === "ignore" && !left) return NOTHING_KEPT;
    const { room } = arrival;
    if (judgement.kind === "request" && isUrgent(judgement)) {
      // Neither the database nor an earlier message is waited for; only the answer keeps its place in the queue.
      const submitted = this.#submit(arrival, judgement);
      const kept = left ? null : this.#keeper.keep(arrival);
      const heard = { arrival, echo, kept };
      this.#queues.put(room, () => this.#afterwards(heard, judgement, submitted));
      return kept ?? NOTHING_KEPT;
    }
    if (this.#queues.isFull(room) && !left) {
      this.#dropped += 1;
      log.warn("a room sends more than can be handled", { room });
      return NOTHING_KEPT;
    }
    const kept = left ? null : this.#keeper.keep(arrival);
    this.#queues.put(room, () => this.#handle({ arrival, echo, kept }, judgement));
    return kept ?? NOTHING_KEPT;
  }

  #greet(arrival: Arrival, echo: Echo | null, say: Card | null, left: boolean): Promise<unknown> {
    this.#tallies.stranger(arrival.account);
    if (say) this.#replies.greet(echo, say);
    if (left) this.#keeper.done(arrival, "ignored: from nobody we know");
    return NOTHING_KEPT;
  }

  #elsewhere(
    arrival: Arrival,
    echo: Echo | null,
    { person, say }: Extract<Judgement, { kind: "elsewhere" }>,
    left: boolean,
  ): Promise<unknown> {
    if (left) this.#keeper.done(arrival, "ignored: not a room of ours");
    this.#count("not a room of ours");
    const room = this.#bench.roster.privateRoom(person.id, platformOf(arrival.room));
    this.#queues.put(arrival.room, () => this.#replies.elsewhere(arrival, echo, say, room));
    return NOTHING_KEPT;
  }

  #count(why: string): void {
    this.#refused.set(why, (this.#refused.get(why) ?? 0) + 1);
  }

  async #handle(heard: Heard, judgement: Handled): Promise<void> {
    const { arrival, kept } = heard;
    const isNew = await kept;
    if (this.#over || (isNew?.ok && !isNew.value)) return;
    switch (judgement.kind) {
      case "ignore":
        return this.#keeper.done(arrival, `ignored: ${judgement.why}`);
      case "refuse":
        return this.#refuse(heard, judgement.why, judgement.say);
      case "flood":
        this.#floods.began(arrival, judgement.person.id);
        return this.#refuse(heard, "too many", judgement.say);
      case "question": {
        const { account, room } = arrival;
        const who = { person: judgement.person, account, room, clock: this.#settings.wall };
        await this.#replies.answer(arrival, judgement.ask(this.#doors.query.view(), who));
        return this.#keeper.done(arrival, "answered");
      }
      case "request": {
        const waitedMs = this.#doors.clock.now() - Math.min(arrival.sentAt, arrival.receivedAt);
        if (!grewOld(judgement, waitedMs)) {
          return this.#afterwards(heard, judgement, this.#submit(arrival, judgement));
        }
        const say = refusals.tooOld(judgement.command, waitedMs);
        return this.#refuse(heard, "waited too long", say);
      }
    }
  }

  async #refuse({ arrival, echo }: Heard, why: string, say: Card): Promise<void> {
    this.#count(why);
    await this.#replies.refuse(arrival, echo, say);
    this.#keeper.done(arrival, `refused: ${why}`);
  }

  /** Puts the request in the inbox now. Never rejects; `undefined` when the engine failed to take it. */
  async #submit(arrival: Arrival, requested: Requested): Promise<number | null | undefined> {
    const { person, request } = requested;
    const { id, room, account } = arrival;
    const privately = this.#bench.roster.isPrivate(person.id, account, room);
    const by = { person: person.id, name: person.name, room, inbound: id };
    try {
      return await this.#doors.engine.submit(request, privately ? { ...by, privately } : by);
    } catch (cause) {
      this.#doors.log.error("the engine did not take a request", { why: String(cause) });
      return undefined;
    }
  }

  /** The room's next message waits until the answer to this one has its place in the outbox. */
  async #afterwards(
    { arrival, kept }: Heard,
    { command, request, note }: Requested,
    submitted: Promise<number | null | undefined>,
  ): Promise<void> {
    const { timers, courier } = this.#doors;
    const seq = await submitted;
    if (typeof seq === "number") {
      await within(timers, DERIVED_MS, () => courier.derivedThrough(seq));
    } else {
      const say = seq === null ? refusals.noJournal(request.verb) : refusals.failed(command);
      await this.#replies.answer(arrival, say, "state");
    }
    // Whoever is told that it only paused must not believe that it was not killed.
    if (note && !this.#doors.query.view().killed) await this.#replies.answer(arrival, note, "note");
    await kept;
    this.#keeper.done(arrival, seq === undefined ? "failed" : `submitted: ${command.words}`);
  }
}

/** What lowers risk at once, and cannot be had too often. */
const isUrgent = ({ request }: Requested): boolean =>
  request.verb === "kill" || request.verb === "pause";

/** True when it was fresh on arrival and grew old behind others. */
const grewOld = ({ freshness }: Requested, waitedMs: number): boolean =>
  freshness.older === "refuse" && waitedMs > freshness.maxAgeMs;
