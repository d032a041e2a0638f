/** Tells a key that is refused from a venue that is throttling: it is known to answer 401 when it is asked too much. */
// coinbase.md §8.2. It only suspects: a 401 stays a 401 for whoever made the call.
import type { Instant } from "../../core/kernel/time.ts";
import type { Clock } from "../../ports/clock.ts";

export interface Suspicion {
  /** A signed call was let in. */
  accepted(): void;
  /** A token was refused. True when this looks like throttling. */
  refused(): boolean;
}

/** So many refusals in so short a time, of a key that was good shortly before. */
const BURST = 3;
const BURST_MS = 5000;
const GOOD_MS = 60_000;

export function suspicion(clock: Clock): Suspicion {
  let goodAt: Instant | null = null;
  let refusals: Instant[] = [];
  return {
    accepted: () => {
      goodAt = clock.now();
    },
    refused: () => {
      const now = clock.now();
      refusals = [...refusals.filter((at) => at <= now && now - at < BURST_MS), now].slice(-BURST);
      return refusals.length === BURST && goodAt !== null && now - goodAt < GOOD_MS;
    },
  };
}
