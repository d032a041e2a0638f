/**
 * Connects people to the desk: every message is judged, then asked or submitted, one at a time for each room, so that
 * answers come in the order of the messages. Only /pause and /kill wait for nothing.
 */
import type { Card } from "../chat/card.ts";
import { platformOf } from "../chat/platform.ts";
import { inboundId } from "../core/kernel/ids.ts";
import type { Echo, Hearer, Origin } from "../ports/hearer.ts";
import type { Arrival } from "../ports/inbound.ts";
import { answered } from "./asking.ts";
import { type Attempts, attempts } from "./attempts.ts";
import type { Requested } from "./code-check.ts";
import { type CodeDoor, codeDoor } from "./code-door.ts";
import { type Dropped, dropped } from "./dropped.ts";
import { endedCodes } from "./ended-codes.ts";
import { type Floods, floods } from "./floods.ts";
import { type Bench, type Judgement, judge, NOT_TYPED } from "./judge.ts";
import { type Keeper, type Kept, keeper } from "./keeper.ts";
import { messageRate } from "./message-rate.ts";
import { type Queues, queues } from "./queues.ts";
import * as refusals from "./refusals.ts";
import { type Replies, replies } from "./replies.ts";
import { requesterOf } from "./requester.ts";
import { greetings, roster } from "./roster.ts";
import type {
  SwitchboardCounts,
  SwitchboardDoors,
  SwitchboardSettings,
} from "./switchboard-doors.ts";
import { type Tallies, tallies } from "./tallies.ts";
import { grewOld, isUrgent } from "./urgency.ts";
import { within } from "./within.ts";
import { wrongCodes } from "./wrong-codes.ts";

const PER_MINUTE = 20;
const DERIVED_MS = 1_500;
const STOP_MS = 3_000;
const NOTHING_KEPT: Promise<void> = Promise.resolve();

/** What has a place in its room's queue. */
type Handled = Exclude<Judgement, { kind: "stranger" | "elsewhere" }>;

/** A message on its way through: how its sender is answered, and its row; null when it has none or an earlier run wrote it. */
interface Heard {
  readonly arrival: Arrival;
  readonly echo: Echo | null;
  readonly kept: Kept | null;
}

export class Switchboard implements Hearer {
  readonly #doors: SwitchboardDoors;
  readonly #bench: Bench;
  readonly #keeper: Keeper;
  readonly #tallies: Tallies;
  readonly #queues: Queues;
  readonly #replies: Replies;
  readonly #floods: Floods;
  readonly #codes: CodeDoor;
  readonly #attempts: Attempts;
  readonly #dropped: Dropped;
  #open = true;
  #over = false;

  constructor(doors: SwitchboardDoors, settings: SwitchboardSettings) {
    const perMinute = settings.perMinute ?? PER_MINUTE;
    this.#doors = doors;
    this.#keeper = keeper(doors);
    this.#tallies = tallies(doors);
    this.#attempts = attempts(doors);
    this.#replies = replies(doors);
    this.#dropped = dropped({ ...doors, replies: this.#replies });
    this.#bench = {
      commands: settings.commands,
      roster: roster(settings.people, settings.rooms),
      greetings: greetings(),
      wrongCodes: settings.wrongCodes ?? wrongCodes(doors.notices),
      endedCodes: endedCodes(),
      codesLockedUntil: (person, at) => settings.stepUp?.lockedUntil(person, at) ?? null,
      rate: messageRate(perMinute),
      perMinute,
      unlimited: settings.unlimited ?? (() => false),
      manner: settings.manner,
      seal: settings.seal,
      wall: settings.wall,
      view: () => doors.query.view(),
    };
    this.#codes = codeDoor({ ...doors, stepUp: settings.stepUp ?? null }, this.#bench);
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
    const seen = this.#doors.shown.start(this.#doors.query.view().pending);
    await this.#keeper.takeUp((arrival) => this.#admit(arrival, null, true));
    await seen;
  }

  /** Everything received so far has been handled. */
  async idle(): Promise<void> {
    await this.#queues.idle();
  }

  counts(): SwitchboardCounts {
    return {
      ...this.#tallies.counts(),
      dropped: this.#dropped.count(),
      refused: this.#attempts.counts(),
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
    this.#attempts.stop();
  }

  /** `left` by an earlier run: its row is there. Resolves when the message is kept, or needs no keeping; never rejects. */
  #admit(heard: Arrival, echo: Echo | null, left: boolean): Promise<unknown> {
    const { clock, log } = this.#doors;
    let arrival: Arrival;
    let judgement: Judgement;
    try {
      const screened = this.#codes.screen(heard, echo, left);
      if (screened.verdict) return this.#awaitCode(screened.arrival, echo, screened.verdict, left);
      arrival = screened.arrival;
      if (screened.besides) this.#tellBesides(arrival, screened.besides);
      judgement = judge(arrival, clock.now(), this.#bench);
    } catch (cause) {
      log.error("a message could not be judged", { room: heard.room, why: String(cause) });
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
      this.#dropped.put(arrival, echo, judgement);
      return NOTHING_KEPT;
    }
    const kept = left ? null : this.#keeper.keep(arrival);
    this.#queues.put(room, () => this.#handle({ arrival, echo, kept }, judgement));
    return kept ?? NOTHING_KEPT;
  }

  /** Nothing is kept before the code is checked; its place in the queue it has at once. */
  #awaitCode(
    arrival: Arrival,
    echo: Echo | null,
    verdict: () => Promise<Handled>,
    left: boolean,
  ): Promise<unknown> {
    const { room } = arrival;
    if (this.#queues.isFull(room) && !left) {
      this.#dropped.put(arrival, echo, null);
      return NOTHING_KEPT;
    }
    const judged = verdict();
    const kept = left ? null : judged.then(() => this.#keeper.keep(arrival));
    this.#queues.put(room, async () => this.#handle({ arrival, echo, kept }, await judged));
    return kept ?? NOTHING_KEPT;
  }

  /** Under an id of its own: the engine obeys each message once. */
  #tellBesides(arrival: Arrival, besides: () => Promise<Requested>): void {
    const own = { ...arrival, id: inboundId(`${arrival.id}:code`) };
    this.#queues.put(arrival.room, async () => void (await this.#submit(own, await besides())));
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
    this.#attempts.refused(arrival, person, "not a room of ours");
    const room = this.#bench.roster.privateRoom(person.id, platformOf(arrival.room));
    this.#queues.put(arrival.room, () => this.#replies.elsewhere(arrival, echo, say, room));
    return NOTHING_KEPT;
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
      case "question":
      case "look": {
        const card = await answered(this.#doors, this.#bench, arrival, judgement);
        await this.#replies.answer(arrival, card);
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
    const person = this.#bench.roster.person(arrival.account);
    this.#attempts.refused(arrival, person, why);
    if (why === NOT_TYPED) this.#tallies.forged(arrival, person);
    await this.#replies.refuse(arrival, echo, say);
    this.#keeper.done(arrival, `refused: ${why}`);
  }

  /** Puts the request in the inbox now. Never rejects; `undefined` when the engine failed to take it. */
  async #submit(arrival: Arrival, requested: Requested): Promise<number | null | undefined> {
    const { engine, query, shown, log } = this.#doors;
    try {
      const request = shown.seen(requested.request, arrival.room, query.view().pending);
      const by = requesterOf(arrival, requested.person, this.#bench.roster);
      const seq = await engine.submit(request, by);
      this.#bench.endedCodes.look(query.view().pending);
      return seq;
    } catch (cause) {
      log.error("the engine did not take a request", { why: String(cause) });
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
      const view = this.#doors.query.view();
      const say = seq === null ? refusals.noJournal(request, view) : refusals.failed(command);
      await this.#replies.answer(arrival, say, "state");
    }
    // Whoever is told that it only paused must not believe that it was not killed.
    if (note && !this.#doors.query.view().killed) await this.#replies.answer(arrival, note, "note");
    await kept;
    this.#keeper.done(arrival, seq === undefined ? "failed" : `submitted: ${command.words}`);
  }
}
