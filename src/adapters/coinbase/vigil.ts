/** Signs of life of one connection: that frames come, that heartbeats do, and that what comes is not old. */
// It goes by the clock, not by how often it was asked: a machine that slept must notice. It ends nothing itself.
import type { Instant } from "../../core/kernel/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { NumberedFrame } from "./frame.ts";

export interface Vigil {
  /** Anything at all came. Answers why the connection counts as dead all the same, or null. */
  came(): string | null;
  /** The same of a frame in sequence. */
  heard(frame: NumberedFrame): string | null;
  /** Why the connection counts as dead by now, or null. */
  look(): string | null;
}

interface World {
  readonly clock: Clock;
  /** How far the venue's clock is ahead of ours, or null when it was not measured. */
  readonly aheadMs: () => number | null;
}

/** Until its first heartbeat a connection may be silent for so long, and what it says may be late: books are large. */
export const STARTING_MS = 10_000;
/** Frames later than this are told as if they were news. */
const LATE_MS = 5000;
/** So many in a row: one slow frame is none. */
const LATE_FRAMES = 3;

export function vigil(silentMs: number, world: World): Vigil {
  const { clock } = world;
  const isLate = lateness(world);
  const since = { any: clock.now(), beat: clock.now() };
  let counter: number | null = null;

  const age = (of: keyof typeof since): number => {
    const now = clock.now();
    // A clock set back: begin to count anew.
    since[of] = since[of] > now ? now : since[of];
    return now - since[of];
  };
  const bound = (): number => (counter === null ? Math.max(silentMs, STARTING_MS) : silentMs);
  const silence = (): string | null =>
    age("any") >= bound() ? `nothing heard for ${age("any")} ms` : null;
  return {
    came: () => {
      const dead = silence();
      since.any = clock.now();
      return dead;
    },
    heard: ({ body, stamp }) => {
      // A counter that jumps back is another server process; one that stands still is no beat.
      if (body.channel === "heartbeats" && body.counter !== null && body.counter !== counter) {
        counter = body.counter;
        since.beat = clock.now();
      }
      return isLate(stamp);
    },
    look: () => silence() ?? (age("beat") >= bound() ? `no heartbeat for ${age("beat")} ms` : null),
  };
}

/**
 * A frame is as late as it lags behind the fastest one of its connection, or behind the measured clock of the venue. No
 * frame is older than its connection: where it seems so, the clocks are not as they were measured.
 */
function lateness({ clock, aheadMs }: World): (stamp: Instant | null) => string | null {
  const openedAt = clock.now();
  let least = Number.POSITIVE_INFINITY;
  let measures = true;
  let row = 0;
  return (stamp) => {
    if (stamp === null) return null;
    const now = clock.now();
    const age = now - openedAt;
    const apart = now - stamp;
    least = Math.min(least, apart);
    const ahead = aheadMs();
    const measured = ahead === null ? 0 : apart + ahead;
    if (measured > age + LATE_MS) measures = false;
    const lateMs = Math.round(Math.max(apart - least, measures ? measured : 0));
    row = age >= STARTING_MS && lateMs > LATE_MS ? row + 1 : 0;
    return row < LATE_FRAMES ? null : `frames come ${lateMs} ms late`;
  };
}
