/** Empties one room's rows, most urgent first, one at a time; a room that cannot be reached holds up no other. */

import type { RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Pace } from "./pace.ts";
import { RoomRound, type Round, type RoundDoors, type RoundSettings } from "./room-round.ts";
import { within } from "./within.ts";

export interface RoomPace {
  /** Null for a room without a limit, such as the console. */
  readonly pace: Pace | null;
  /** Edits in the info lane leave at most this often; those in the critical lane up to once a second. */
  readonly editEveryMs: number;
  /** A message that was perhaps shown is looked for after this: a platform that was slow has shown it by then. */
  readonly doubtMs?: number;
}

const DATABASE_RETRY_MS = 1_000;
/** After this what must be heard is said without its row. */
const DATABASE_PATIENCE_MS = 2_000;

export class RoomSender {
  readonly #room: RoomId;
  readonly #doors: RoundDoors;
  readonly #round: RoomRound;
  #running: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #hurried = false;
  /** Nothing waits that this room could still send. */
  #resting = false;
  /** Since when the database fails here, or null. */
  #failingSince: Instant | null = null;
  #cancelTimer = (): void => {};

  constructor(room: RoomId, settings: RoundSettings, doors: RoundDoors) {
    this.#room = room;
    this.#doors = doors;
    this.#round = new RoomRound(room, settings, doors);
  }

  /** There may be something to send. Never throws, never waits. */
  wake(): void {
    this.#again = true;
    this.#resting = false;
    if (this.#running === null && !this.#stopped) this.#running = this.#run();
  }

  /** The platform answers again: what waits only for it to come back is tried at once. */
  reachable(): void {
    this.#round.reachable();
    this.wake();
  }

  /** When the oldest row it has seen waiting was written, or null. */
  oldest(): Instant | null {
    return this.#round.oldest();
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
    const { clock, log, outcry } = this.#doors;
    let next: Round = { kind: "settled" };
    while (!this.#stopped && (next.kind === "settled" || this.#again)) {
      this.#again = false;
      const began = clock.now();
      try {
        next = await this.#round.run(this.#hurried);
        this.#failingSince = null;
      } catch (cause) {
        const fields = { room: this.#room, why: String(cause) };
        log.warn("deliveries cannot be read or written", fields);
        next = { kind: "wait", ms: DATABASE_RETRY_MS };
        this.#failingSince ??= began;
        if (clock.now() - this.#failingSince >= DATABASE_PATIENCE_MS) outcry.despair();
      }
    }
    this.#running = null;
    this.#resting = next.kind === "wait" && next.ms === null;
    if (this.#stopped || next.kind === "settled" || next.ms === null) return;
    this.#cancelTimer();
    this.#cancelTimer = this.#doors.timers.after(Math.max(1, next.ms), () => this.wake());
  }
}
