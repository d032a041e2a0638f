/** What must be heard in a room though the database fails: said without its row, and again until it is said or the row can be had. */
// Its rows stay in charge: as soon as one can be read, nothing is said here beside it.
import { labelled } from "../chat/compose.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import { later } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Delivery, Lane, NewDelivery } from "../ports/deliveries.ts";
import type { Sent } from "../ports/messenger.ts";
import type { Timers } from "../ports/timers.ts";
import { backoffMs, LANES } from "./lane.ts";
import { dated } from "./late.ts";
import type { RoomMouth } from "./room-mouth.ts";
import { type Unstored, unstoredMemory, withoutRow } from "./unstored.ts";

export interface OutcryDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly mouth: RoomMouth;
  readonly wall: WallClock;
  readonly doubtMs: number;
}

/** How long it is tried. */
const TRIED_MS: Readonly<Record<Lane, number>> = { critical: 3_600_000, reply: 300_000, info: 0 };
const EXPECTED = 200;
const HANDLED = 512;

/** One message on its way without a row. */
interface Trial {
  cancelled: boolean;
  /** It was in doubt beside another: on some platforms the one would be taken for the other. */
  crowded: boolean;
  /** As it was sent last. */
  leaving: Delivery | null;
  /** Sent, or looked for, and not answered yet. */
  flight: Promise<unknown> | null;
  cancelPause: () => void;
}

export class Outcry {
  readonly #doors: OutcryDoors;
  readonly #said = unstoredMemory();
  readonly #trials = new Map<string, Trial>();
  /** Rows that exist and have not left. */
  readonly #expected = new Map<string, NewDelivery>();
  /** Left from their rows, or tried here for long enough. */
  readonly #handled = new Set<string>();
  #claimed: NewDelivery | null = null;

  constructor(doors: OutcryDoors) {
    this.#doors = doors;
  }

  /** Says it without a row, unless that is done, under way or no longer its matter. Returns at once. */
  say(row: NewDelivery): void {
    const { dedupe } = row;
    if (this.#isSaid(dedupe) || this.#trials.has(dedupe) || this.#handled.has(dedupe)) return;
    const trial: Trial = {
      cancelled: false,
      crowded: false,
      leaving: null,
      flight: null,
      cancelPause: () => {},
    };
    this.#trials.set(dedupe, trial);
    void this.#try(row, trial).finally(() => {
      if (this.#trials.get(dedupe) === trial) this.#trials.delete(dedupe);
    });
  }

  /** It has a row now, which must leave. An edit rings nobody and can wait for its own. */
  expect(row: NewDelivery): void {
    if (row.edit || this.#handled.has(row.dedupe)) return;
    this.#expected.set(row.dedupe, row);
    for (const oldest of this.#expected.keys()) {
      if (this.#expected.size <= EXPECTED) break;
      this.#expected.delete(oldest);
    }
  }

  /** Rows can be neither read nor written: those expected are said without. */
  despair(): void {
    for (const row of this.#expected.values()) {
      this.say({ ...row, card: labelled(row.card, "the database does not answer") });
    }
  }

  /** Its row was read, and decides from here on. Resolves when nothing of it is in flight. */
  async taken(dedupe: string): Promise<void> {
    const flight = this.#cancel(dedupe);
    if (flight !== null) await flight;
  }

  /** It leaves from its row now. False when it is in flight without. */
  claim(dedupe: string): boolean {
    if ((this.#trials.get(dedupe)?.flight ?? null) !== null) return false;
    void this.#cancel(dedupe);
    this.#claimed = this.#expected.get(dedupe) ?? null;
    this.#expected.delete(dedupe);
    this.#handle(dedupe);
    return true;
  }

  /** What was claimed last did not leave after all. */
  release(dedupe: string): void {
    this.#handled.delete(dedupe);
    if (this.#claimed?.dedupe === dedupe) this.#expected.set(dedupe, this.#claimed);
  }

  /** How a row of this name was said without being stored, or null. */
  unstored(dedupe: string): Unstored | null {
    return this.#said.get(dedupe);
  }

  /** It was not shown after all. */
  forget(dedupe: string): void {
    this.#said.forget(dedupe);
  }

  stop(): void {
    for (const dedupe of this.#trials.keys()) void this.#cancel(dedupe);
  }

  #isSaid(dedupe: string): boolean {
    return this.#said.get(dedupe)?.sent.kind === "sent";
  }

  #cancel(dedupe: string): Promise<unknown> | null {
    const trial = this.#trials.get(dedupe);
    if (!trial) return null;
    trial.cancelled = true;
    trial.cancelPause();
    return trial.flight;
  }

  #handle(dedupe: string): void {
    this.#handled.delete(dedupe);
    this.#handled.add(dedupe);
    for (const oldest of this.#handled) {
      if (this.#handled.size <= HANDLED) break;
      this.#handled.delete(oldest);
    }
  }

  async #try(row: NewDelivery, trial: Trial): Promise<void> {
    const { clock, doubtMs } = this.#doors;
    const until = later(clock.now(), TRIED_MS[row.lane]);
    let repeated = false;
    let doubts = 0;
    for (let failures = 0; !trial.cancelled; failures += 1) {
      const again = this.#said.get(row.dedupe) !== null;
      repeated ||= again;
      const sent = await this.#once(row, again, trial);
      if (trial.cancelled) return;
      if (sent.kind === "ambiguous") doubts += 1;
      const afterMs = sent.kind === "not-sent" ? sent.afterMs : doubtMs;
      const pauseMs = Math.max(afterMs, backoffMs(failures));
      const spent = doubts >= LANES[row.lane].sends || later(clock.now(), pauseMs) > until;
      if (sent.kind === "sent" || sent.kind === "refused" || spent) {
        this.#expected.delete(row.dedupe);
        this.#handle(row.dedupe);
        return;
      }
      await this.#pause(pauseMs, trial);
      if (trial.cancelled) return;
      if (sent.kind === "ambiguous") await this.#look(repeated, trial);
      if (this.#isSaid(row.dedupe)) return void this.#expected.delete(row.dedupe);
    }
  }

  /** @param again an earlier copy was perhaps shown */
  async #once(row: NewDelivery, again: boolean, trial: Trial): Promise<Sent> {
    const { clock, mouth, wall } = this.#doors;
    const labels = again ? { card: labelled(row.card, "possibly repeated") } : {};
    const plain = { ...withoutRow(row), ...labels };
    trial.leaving = null;
    const flight = this.#flown(trial, async () => {
      const sent = await mouth.sayLoose(row.lane, () => {
        if (trial.cancelled) return null;
        const now = clock.now();
        trial.leaving = { ...dated(plain, now, wall), mark: mouth.mark(), attemptedAt: now };
        trial.flight = flight;
        return trial.leaving;
      });
      if (trial.leaving !== null) this.#said.settle(trial.leaving, sent);
      if (this.#said.doubtful() > 1) for (const one of this.#trials.values()) one.crowded = true;
      return sent;
    });
    return flight;
  }

  /** Of what was said without evidence before, nothing is proved by the absence of the last copy. */
  async #look(repeated: boolean, trial: Trial): Promise<void> {
    const { mouth } = this.#doors;
    const { leaving } = trial;
    if (leaving === null || !mouth.canLook || trial.crowded) return;
    const flight = this.#flown(trial, async () => {
      const found = await mouth.look(leaving);
      if (found.kind === "shown") {
        this.#said.settle(leaving, { kind: "sent", messageId: found.messageId });
      } else if (found.kind === "absent" && !repeated) this.#said.forget(leaving.dedupe);
    });
    trial.flight = flight;
    await flight;
  }

  async #flown<T>(trial: Trial, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      trial.flight = null;
    }
  }

  #pause(ms: number, trial: Trial): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#doors.timers.after(ms, resolve);
      trial.cancelPause = () => {
        cancel();
        resolve();
      };
    });
  }
}
