/** When a room may be spoken to: not while its platform wants silence, and never faster than its pace and its platform's. */
import { type Instant, later } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lane } from "../ports/deliveries.ts";
import type { Timers } from "../ports/timers.ts";
import type { Bucket } from "./pace.ts";

export interface RoomTempo {
  /** Milliseconds for which the platform wants to hear nothing at all in this room. */
  silentMs(): number;
  /** Milliseconds until a message of this lane may leave; 0 for now. */
  waitMs(lane: Lane): number;
  /** Resolves when one leaves, which must be at once; with false when none ever will, because everything stops. */
  leave(lane: Lane): Promise<boolean>;
  /** A question leaves: it waits for nobody, and counts. */
  ask(): void;
  silence(ms: number): void;
  stop(): void;
}

export interface TempoDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Of the room and of its platform; none where nothing is limited. */
  readonly buckets: readonly Bucket[];
}

export function roomTempo({ clock, timers, buckets }: TempoDoors): RoomTempo {
  let silentUntil: Instant | null = null;
  let stopped = false;
  let wakeUp = (): void => {};

  const silentMs = (): number =>
    silentUntil === null ? 0 : Math.max(0, silentUntil - clock.now());
  const waitMs = (lane: Lane): number => {
    const now = clock.now();
    return Math.max(silentMs(), ...buckets.map((bucket) => bucket.waitMs(now, lane)));
  };
  const take = (): void => {
    for (const bucket of buckets) bucket.take(clock.now());
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = timers.after(ms, resolve);
      wakeUp = () => {
        cancel();
        resolve();
      };
    });
  return {
    silentMs,
    waitMs,
    async leave(lane) {
      for (let ms = waitMs(lane); ms > 0 && !stopped; ms = waitMs(lane)) await pause(ms);
      if (!stopped) take();
      return !stopped;
    },
    ask: take,
    silence(ms) {
      silentUntil = later(clock.now(), ms);
    },
    stop() {
      stopped = true;
      wakeUp();
    },
  };
}
