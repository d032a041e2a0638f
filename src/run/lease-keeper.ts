/**
 * Holds the lease while the desk runs, and says what may still leave under it. Losing it means that another desk writes:
 * this one must stop, and send nothing meanwhile.
 */
// How long the lease is good is counted from before each renewal was asked for, by a clock that never goes backwards and
// jumps ahead when the machine slept: whoever takes over waits longer than this desk trusts itself.
import { type Instant, later } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lease, Standing } from "../ports/lease.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import { lateness, within } from "./within.ts";

/** No setting: desks on one database must agree on it. */
export const LEASE_MS = 20_000;

export interface LeaseDoors {
  readonly lease: Lease;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

export interface KeptLease extends Standing {
  /** Another desk holds it. */
  readonly isLost: boolean;
  /** Said by whoever learns it first, e.g. from an append that was fenced off. */
  lose(): void;
  stop(): void;
}

interface Held {
  readonly leaseMs: number;
  /** The moment before it was asked for. */
  readonly takenAt: Instant;
  /** Called once when it is lost. */
  readonly lost: () => void;
}

const LOST = "another desk took over";

/** Renews eight times in its life. A database that does not answer loses nothing: the epoch still fences. */
export function keepLease({ lease, clock, timers, log }: LeaseDoors, held: Held): KeptLease {
  const { leaseMs } = held;
  let goodUntil = later(held.takenAt, leaseMs);
  let isLost = false;
  let stopped = false;
  let isAsking = false;
  /** When the database last failed to answer a desk that was awake to hear it. */
  let failedAt: Instant | null = null;

  const lose = (): void => {
    if (isLost || stopped) return;
    isLost = true;
    cancel();
    held.lost();
  };

  const renew = async (): Promise<void> => {
    if (isAsking || isLost || stopped) return;
    isAsking = true;
    const asked = clock.now();
    const renewed = await within(timers, leaseMs / 4, () => lease.renew(asked, leaseMs));
    isAsking = false;
    if (stopped) return;
    if (renewed.ok && !renewed.value.ok) return lose();
    if (renewed.ok) {
      goodUntil = later(asked, leaseMs);
      failedAt = null;
      return;
    }
    // A process that stood still sees its own timers run out and has learnt nothing of the database: it asks again.
    if (clock.now() - asked >= leaseMs / 2) return renew();
    failedAt = clock.now();
    log.warn("the lease could not be renewed", { why: lateness(renewed.error) });
  };
  const cancel = timers.every(leaseMs / 8, () => void renew());

  /** Unsure of the lease, it asks at once. */
  const anything = (): string | null => {
    if (isLost) return LOST;
    const now = clock.now();
    if (now < goodUntil) return null;
    // Cancels do not wait for a database that is down.
    if (failedAt !== null && now - failedAt < leaseMs / 2) return null;
    void renew();
    return "this desk stood still for too long and does not know whether another took over";
  };
  return {
    anything,
    order() {
      const left = goodUntil - clock.now();
      if (!isLost && left >= leaseMs / 2) return null;
      return anything() ?? "the lease could not be renewed: the database does not answer";
    },
    get isLost() {
      return isLost;
    },
    lose,
    stop() {
      stopped = true;
      cancel();
    },
  };
}
