/** What a room's sender does next: write down what is known, look for what is in doubt, send what comes first. One thing a round. */
import { labelled } from "../chat/compose.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import { type Instant, later } from "../core/kernel/time.ts";
import type { Delivery } from "../ports/deliveries.ts";
import type { Log } from "../ports/log.ts";
import { backlog } from "./backlog.ts";
import { type Doubts, doubts } from "./doubt.ts";
import { inDoubt } from "./in-doubt.ts";
import { afterSend, backoffMs, editsKnown, moreUrgent, type Next } from "./lane.ts";
import { dated, isTooOld } from "./late.ts";
import { choose, type Hush, hushedMs } from "./next-row.ts";
import { type OutcomeDoors, Outcomes } from "./outcomes.ts";
import type { Outcry } from "./outcry.ts";
import type { RoomMouth } from "./room-mouth.ts";
import type { Shown } from "./shown.ts";

export interface RoundDoors extends OutcomeDoors {
  readonly log: Log;
  readonly mouth: RoomMouth;
  readonly outcry: Outcry;
  readonly shown?: Pick<Shown, "delivered">;
}

export interface RoundSettings {
  readonly editEveryMs: number;
  readonly doubtMs: number;
  readonly wall: WallClock;
  /** Too much news is put into one message. */
  readonly merges: boolean;
}

/** What one round came to: something was settled, or when to look again; null when only a wake can tell. */
export type Round =
  | { readonly kind: "settled" }
  | { readonly kind: "wait"; readonly ms: number | null };

const PAGE = 200;
/** More than a page, once, to see all that waits. */
const WHOLE = 10_000;
const SETTLED: Round = { kind: "settled" };

export class RoomRound {
  readonly #room: RoomId;
  readonly #settings: RoundSettings;
  readonly #doors: RoundDoors;
  readonly #outcomes: Outcomes;
  readonly #doubts: Doubts;
  /** Edits of uncertain outcome, and when they may be repeated. */
  readonly #notBefore = new Map<number, Instant>();
  readonly #lastEdit = { critical: -1e15, reply: -1e15, info: -1e15 };
  #hush: Hush | null = null;
  /** The room took the last message that was sent there. */
  #reached = false;
  /** The room refuses for good, and that has been logged. */
  #refused = false;
  #oldest: Instant | null = null;
  /** Edits are not spared. */
  #hurried = false;

  constructor(room: RoomId, settings: RoundSettings, doors: RoundDoors) {
    this.#room = room;
    this.#settings = settings;
    this.#doors = doors;
    this.#outcomes = new Outcomes(doors);
    this.#doubts = doubts(doors.mouth.canLook, settings.doubtMs);
  }

  /** When the oldest row it has seen waiting was written, or null. */
  oldest(): Instant | null {
    return this.#oldest;
  }

  /** What could not be sent may be tried at once; the silence that the platform itself asked for stays. */
  reachable(): void {
    this.#hush = null;
  }

  /** @param hurried edits are not spared. Rejects when the database does not answer. */
  async run(hurried: boolean): Promise<Round> {
    const { mouth, outcry } = this.#doors;
    const silentMs = mouth.silentMs();
    if (silentMs > 0) return { kind: "wait", ms: silentMs };
    const rows = await this.#outcomes.due(this.#room, PAGE);
    this.#hurried = hurried;
    const times = rows.map(({ at }) => at);
    this.#oldest = times.reduce<Instant | null>((a, b) => (a === null || b < a ? b : a), null);
    // What is on its way without its row: how that ends decides whether the row is sent at all.
    for (const { dedupe } of rows) await outcry.taken(dedupe);
    return (
      (await this.#record(rows)) ??
      (await this.#settleDoubt(rows)) ??
      (await this.#merge(rows)) ??
      (await this.#next(rows, rows.length))
    );
  }

  /** What is known as said, but has no such row yet. */
  async #record(rows: readonly Delivery[]): Promise<Round | null> {
    const messageId = ({ id, dedupe }: Delivery): string | null | undefined => {
      const unstored = this.#doors.outcry.unstored(dedupe)?.sent;
      return unstored?.kind === "sent" ? unstored.messageId : this.#outcomes.known(id);
    };
    const said = rows.filter((row) => typeof messageId(row) === "string");
    const [first] = said.sort((a, b) => a.id - b.id);
    if (!first) return null;
    await this.#delivered([first], messageId(first) ?? "");
    return SETTLED;
  }

  /** Nothing leaves a room while one of its messages was perhaps shown, but for what is more urgent, after one look. */
  async #settleDoubt(rows: readonly Delivery[]): Promise<Round | null> {
    const { clock, outcry } = this.#doors;
    const now = clock.now();
    const doubted = inDoubt(rows, {
      unstored: ({ dedupe }) => outcry.unstored(dedupe)?.delivery ?? null,
      isDoubted: ({ id }) => this.#doubts.has(id),
      isKnown: ({ id }) => this.#outcomes.known(id) !== undefined,
    });
    const [first] = doubted;
    if (!first) return null;
    const { row, sent } = first;
    const urgent = rows.filter((one) => moreUrgent(one.lane, row.lane));
    const pressed = urgent.some((one) => !editsKnown(one));
    const hushed = pressed ? 0 : hushedMs(this.#hush, row.lane, now);
    if (hushed > 0) return { kind: "wait", ms: hushed };
    const crowded = doubted.length > 1;
    const verdict = this.#doubts.verdict(row, now, { sent, pressed, crowded });
    switch (verdict.kind) {
      case "wait":
        return verdict;
      case "look":
        return this.#look(row, verdict.sent);
      case "pass":
        return this.#next(urgent, rows.length);
      case "repeat":
        return this.#repeat(row, verdict.sent);
      case "drop":
        await this.#giveUp(row, "perhaps shown before", true);
        return SETTLED;
    }
  }

  async #repeat(row: Delivery, sent: Delivery): Promise<Round> {
    const { clock, mouth } = this.#doors;
    if (isTooOld(row, clock.now())) {
      await this.#giveUp(row, "too old: perhaps shown before", true);
      return SETTLED;
    }
    const ms = mouth.waitMs(row.lane);
    if (ms > 0) return { kind: "wait", ms };
    const card = labelled(row.card, "possibly repeated");
    return this.#send({ ...row, messageId: sent.messageId, card }, [row], true);
  }

  async #look(row: Delivery, sent: Delivery): Promise<Round> {
    const { clock, mouth, outcry, log } = this.#doors;
    const found = await mouth.look(sent);
    const now = clock.now();
    switch (found.kind) {
      case "shown":
        await this.#delivered([row], found.messageId);
        break;
      case "absent":
        if (!this.#doubts.absent(row.id, now)) break;
        outcry.forget(row.dedupe);
        this.#hushUntil(row, later(sent.attemptedAt ?? now, backoffMs(row.attempts - 1)));
        await this.#outcomes.notSent(row.id, "it was not there", now);
        break;
      case "unknown":
        log.info("a message cannot be looked for", { room: this.#room, why: found.why });
        this.#doubts.unknown(row.id, found.afterMs, now);
        break;
    }
    return SETTLED;
  }

  async #merge(rows: readonly Delivery[]): Promise<Round | null> {
    const { wall, merges } = this.#settings;
    if (!merges || !this.#reached) return null;
    const all = rows.length < PAGE ? rows : await this.#outcomes.due(this.#room, WHOLE);
    const found = backlog(all, this.#doors.clock.now(), wall);
    if (found === null) return null;
    await this.#outcomes.merge(found.ids, found.summary);
    const fields = { room: this.#room, many: found.ids.length };
    this.#doors.log.warn("news was put into one message", fields);
    return SETTLED;
  }

  /** @param waiting how many wait in all */
  async #next(rows: readonly Delivery[], waiting: number): Promise<Round> {
    const { clock, mouth } = this.#doors;
    const now = clock.now();
    // Edits that wait must not fill the page, behind whose end other messages would stay unseen.
    const full = waiting >= PAGE;
    const chosen = choose(rows, {
      now,
      hush: this.#hush,
      notBefore: this.#notBefore,
      lastEdit: this.#lastEdit,
      editEveryMs: this.#hurried || full ? 0 : this.#settings.editEveryMs,
      editPaceMs: full ? 0 : mouth.waitMs("info"),
    });
    if (chosen.kind === "wait") return chosen;
    const { group } = chosen;
    const [head] = group;
    const newest = group[group.length - 1];
    if (!head || !newest) return { kind: "wait", ms: null };
    if (isTooOld(head, now)) {
      await this.#giveUp(head, "too old", true);
      return SETTLED;
    }
    const ms = mouth.waitMs(head.lane);
    if (ms > 0) return { kind: "wait", ms };
    return this.#send({ ...head, card: newest.card, at: newest.at }, group, false);
  }

  /** @param group the rows this one message stands for. `again`: an earlier copy was perhaps shown. */
  async #send(row: Delivery, group: readonly Delivery[], again: boolean): Promise<Round> {
    const { clock, mouth, outcry } = this.#doors;
    await mouth.ready();
    if (!outcry.claim(row.dedupe)) return SETTLED;
    const attemptedAt = clock.now();
    const leaving = {
      ...dated(row, attemptedAt, this.#settings.wall),
      attemptedAt,
      mark: mouth.mark(),
    };
    try {
      await this.#outcomes.attempted(row.id, attemptedAt, leaving.mark, again);
    } catch (cause) {
      if (!again) outcry.release(row.dedupe);
      throw cause;
    }
    const sent = await mouth.say(leaving);
    if (sent.kind === "not-sent" && !again) outcry.release(row.dedupe);
    const now = clock.now();
    if (editsKnown(row)) this.#lastEdit[row.lane] = now;
    this.#notBefore.delete(row.id);
    const next = afterSend(sent, row, row.attempts + 1, now - row.at);
    this.#reached = next.kind === "delivered";
    switch (next.kind) {
      case "delivered":
        this.#hush = null;
        this.#refused = false;
        await this.#delivered(group, next.messageId);
        break;
      case "retry":
        await this.#tryAgain(row, next, again);
        break;
      case "uncertain":
        if (editsKnown(row) && !next.anew) this.#notBefore.set(row.id, later(now, next.afterMs));
        else this.#doubts.begin(row.id, { ...leaving, messageId: null }, now);
        break;
      case "give-up":
        await this.#giveUp(row, next.why, !next.refused || !this.#refused);
        this.#refused = next.refused;
        break;
    }
    return SETTLED;
  }

  /** What was perhaps shown before stays in doubt, though this copy of it certainly was not. */
  async #tryAgain(
    row: Delivery,
    { why, silentMs, afterMs }: Extract<Next, { kind: "retry" }>,
    again: boolean,
  ): Promise<void> {
    const now = this.#doors.clock.now();
    const until = later(now, afterMs);
    this.#hushUntil(row, until);
    if (again) this.#doubts.unsent(row.id, until);
    else await this.#outcomes.notSent(row.id, why, later(now, silentMs));
  }

  #hushUntil({ lane }: Delivery, until: Instant): void {
    this.#hush = { lane, until };
  }

  async #delivered(rows: readonly Delivery[], messageId: string): Promise<void> {
    for (const row of rows) this.#doors.shown?.delivered(row);
    await this.#outcomes.delivered(rows, messageId);
    for (const { id } of rows) this.#doubts.end(id);
  }

  async #giveUp({ id, lane }: Delivery, why: string, say: boolean): Promise<void> {
    if (say) this.#doors.log.warn("a message was given up", { room: this.#room, lane, why });
    await this.#outcomes.givenUp(id, why);
    this.#doubts.end(id);
  }
}
