/** The one table of what is sent again, how often and after how long. */
// coinbase.md §8.3. A call that places, edits or moves is never repeated: only a token that the API refused gets another,
// because that proves that the call was not let in. A page with that status proves nothing.
import type { Entropy } from "../../ports/random.ts";
import { backoffMs } from "./backoff.ts";
import type { Call } from "./call.ts";
import type { Failure } from "./classify.ts";
import type { Pace } from "./limiter.ts";

/** Times one call is sent in all. A cancel is asked for again by whoever wants it. */
const MOST_SENDS: Readonly<Record<Pace, number>> = { urgent: 3, exit: 4, trade: 4, read: 4 };
const UNAUTHORIZED = { floorMs: 250, baseMs: 500, mostMs: 500 };
/** Full jitter, growing. Cancels and probes come back sooner. */
const BACKOFF: Readonly<Record<Pace, { floorMs: number; baseMs: number; mostMs: number }>> = {
  urgent: { floorMs: 50, baseMs: 200, mostMs: 1000 },
  exit: { floorMs: 50, baseMs: 200, mostMs: 1000 },
  trade: { floorMs: 50, baseMs: 300, mostMs: 5000 },
  read: { floorMs: 50, baseMs: 300, mostMs: 5000 },
};
/** Asked to wait longer than this, a call gives up instead. */
const LONGEST_WAIT_MS: Readonly<Record<Pace, number>> = {
  urgent: 5000,
  exit: 5000,
  trade: 5000,
  read: 30_000,
};
/** When a throttled reply does not say how long; doubled with each repeat of one call. */
export const THROTTLED_PAUSE_MS = 1000;

export interface Sends {
  /** Requests made so far. */
  readonly made: number;
  /** Tokens refused among them. */
  readonly refused: number;
}

/** Milliseconds until the call is sent again, or null when it is not. */
export function againAfter(
  call: Pick<Call<unknown>, "access" | "pace" | "repeat">,
  { fault, passing, waitMs }: Failure,
  sends: Sends,
  entropy: Entropy,
): number | null {
  const { pace } = call;
  if (fault.kind === "status" && fault.status === 401) {
    const proven = fault.body !== "page" || call.repeat === "safe";
    const another = call.access !== "public" && proven && sends.refused <= 1;
    return another ? backoffMs(0, UNAUTHORIZED, entropy) : null;
  }
  if (!passing || call.repeat === "never" || sends.made >= MOST_SENDS[pace]) return null;
  const throttled = fault.kind === "status" && fault.status === 429;
  const asked = waitMs ?? (throttled ? THROTTLED_PAUSE_MS * 2 ** (sends.made - 1) : 0);
  if (asked > LONGEST_WAIT_MS[pace]) return null;
  return Math.max(asked, backoffMs(sends.made - 1, BACKOFF[pace], entropy));
}
