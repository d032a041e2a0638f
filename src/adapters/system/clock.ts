/** The machine's clock, made to run one way. The one place that asks it what time it is. */
// It never goes backwards, whatever is done to the wall clock meanwhile.
import { type Instant, instant } from "../../core/kernel/time.ts";
import type { Clock } from "../../ports/clock.ts";

/** Both in milliseconds. */
export interface ClockSources {
  /** Since the Unix epoch; anybody may set it. */
  readonly wall: () => number;
  /** Since anything, fractions included; it only rises, and stands still while the machine sleeps. */
  readonly steady: () => number;
}

/** The wall clock this far ahead means that the machine slept, or was set right: we follow at once. */
const JUMP_MS = 5000;

/**
 * Counts from the wall clock's time at the start. A wall clock that is set back is not followed; one that is set forward
 * by mistake is, and stays so until the process ends: the skew measured at the venue shows it.
 */
export function oneWayClock({ wall, steady }: ClockSources): Clock {
  let ahead = wall() - steady();
  return {
    now: (): Instant => {
      const counted = steady();
      const told = wall() - counted;
      if (told - ahead > JUMP_MS) ahead = told;
      return instant(Math.floor(ahead + counted));
    },
  };
}

export const systemClock: Clock = oneWayClock({
  wall: Date.now,
  steady: () => performance.now(),
});
