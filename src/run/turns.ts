/** Who leaves next in a room: one at a time, the most urgent first, then the oldest. It must not know what is said. */
import type { Lane } from "../ports/deliveries.ts";
import type { Timers } from "../ports/timers.ts";
import { moreUrgent } from "./lane.ts";

export interface Turn {
  readonly lane: Lane;
  /** Milliseconds until it may leave; asked again after each wait. */
  readonly waitMs: () => number;
  /** Its turn has come. Whatever it throws is its own matter. */
  readonly run: () => Promise<void>;
  /** Too many wait, and this one goes. Null for what is never dropped. */
  readonly drop: (() => void) | null;
}

export interface TurnDoors {
  readonly timers: Timers;
  /** Awaited before anything leaves. Never rejects. */
  readonly ready: () => Promise<void>;
  /** How many were dropped, the one now included. */
  readonly dropped: (many: number) => void;
}

/** More than this never wait. */
const MOST = 100;

export class Turns {
  readonly #doors: TurnDoors;
  #waiting: readonly Turn[] = [];
  #working: Promise<void> | null = null;
  #wakeUp = (): void => {};
  #dropped = 0;
  #stopped = false;

  constructor(doors: TurnDoors) {
    this.#doors = doors;
  }

  take(turn: Turn): void {
    const behind = this.#waiting.findIndex((one) => moreUrgent(turn.lane, one.lane));
    const place = behind < 0 ? this.#waiting.length : behind;
    this.#waiting = this.#waiting.toSpliced(place, 0, turn);
    if (this.#waiting.length > MOST) this.#shed();
    this.#wakeUp();
    this.#working ??= this.#work();
  }

  /** Nothing waits and nothing is on its way. */
  async idle(): Promise<void> {
    while (this.#working !== null) await this.#working;
  }

  /** What still waits gets its turn at once, to say that it will not leave. */
  stop(): void {
    this.#stopped = true;
    this.#wakeUp();
  }

  /** The oldest of the least urgent goes. */
  #shed(): void {
    const loose = this.#waiting.filter(({ drop }) => drop !== null);
    const last = loose[loose.length - 1];
    const gone = loose.find(({ lane }) => lane === last?.lane);
    if (!gone) return;
    this.#waiting = this.#waiting.filter((one) => one !== gone);
    this.#dropped += 1;
    this.#doors.dropped(this.#dropped);
    gone.drop?.();
  }

  async #work(): Promise<void> {
    await this.#doors.ready();
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      const ms = this.#stopped ? 0 : next.waitMs();
      if (ms > 0) {
        await this.#pause(ms);
        continue;
      }
      this.#waiting = this.#waiting.slice(1);
      await next.run().catch(() => undefined);
    }
    this.#working = null;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#doors.timers.after(ms, resolve);
      this.#wakeUp = () => {
        cancel();
        resolve();
      };
    });
  }
}
