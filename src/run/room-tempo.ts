/** When a room may be spoken to: not while its platform wants silence, and never faster than its pace and its platform's. */
import { type Instant, later } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lane } from "../ports/deliveries.ts";
import type { Bucket } from "./pace.ts";

export interface RoomTempo {
  /** Milliseconds for which the platform wants to hear nothing at all in this room. */
  silentMs(): number;
  /** Milliseconds until a message of this lane may leave; 0 for now. */
  waitMs(lane: Lane): number;
  /** One leaves, or a question does: that one waits for nobody, and counts. */
  take(): void;
  silence(ms: number): void;
}

export interface TempoDoors {
  readonly clock: Clock;
  /** Of the room and of its platform; none where nothing is limited. */
  readonly buckets: readonly Bucket[];
}

export function roomTempo({ clock, buckets }: TempoDoors): RoomTempo {
  let silentUntil: Instant | null = null;
  const silentMs = (): number =>
    silentUntil === null ? 0 : Math.max(0, silentUntil - clock.now());
  return {
    silentMs,
    waitMs(lane) {
      const now = clock.now();
      return Math.max(silentMs(), ...buckets.map((bucket) => bucket.waitMs(now, lane)));
    },
    take() {
      for (const bucket of buckets) bucket.take(clock.now());
    },
    silence(ms) {
      silentUntil = later(clock.now(), ms);
    },
  };
}
