/** Holds the lease while the desk runs. Losing it means that another desk writes: this one must stop. */

import { fail, type Result } from "../core/kernel/result.ts";
import { later } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lease, LeaseHeld } from "../ports/lease.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";

export const LEASE_MS = 15_000;

export interface LeaseDoors {
  readonly lease: Lease;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

/**
 * Takes the lease, at once also when its holder is known to be dead.
 * @param isDead tells whether a holder's process is certainly gone; a holder on another machine never is
 */
export async function takeLease(
  { lease, clock }: LeaseDoors,
  holder: string,
  isDead: (holder: string) => boolean,
): Promise<Result<LeaseHeld, LeaseHeld>> {
  const taken = await lease.take(holder, clock.now(), LEASE_MS);
  if (taken.ok || !isDead(taken.error.holder)) return taken;
  // Times are passed in: asking as of its expiry is how a dead holder's lease is taken early.
  const forced = await lease.take(holder, later(taken.error.expiresAt, 1), LEASE_MS);
  return forced.ok ? forced : fail(forced.error);
}

/** Renews three times in its life. A database that does not answer loses nothing: the epoch still fences. */
export function keepLease({ lease, clock, timers, log }: LeaseDoors, lost: () => void): () => void {
  let stopped = false;
  const cancel = timers.every(LEASE_MS / 3, () => {
    lease.renew(clock.now(), LEASE_MS).then(
      (renewed) => {
        if (!renewed.ok && !stopped) lost();
      },
      (error: unknown) => log.warn("the lease could not be renewed", { why: String(error) }),
    );
  });
  return () => {
    stopped = true;
    cancel();
  };
}
