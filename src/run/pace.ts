/** How fast a room may be spoken to: a bucket of tokens, refilled with time. Whoever must be heard may overdraw it. */
import type { Instant } from "../core/kernel/time.ts";

export interface Pace {
  /** Messages at once. */
  readonly burst: number;
  readonly perMinute: number;
}

/** Messages of the critical lane overdraw by as much as the bucket holds, and no further. */
export class Bucket {
  readonly #pace: Pace | null;
  #tokens: number;
  #at: Instant;

  /** `pace` null: unlimited. */
  constructor(pace: Pace | null, at: Instant) {
    this.#pace = pace;
    this.#tokens = pace?.burst ?? 0;
    this.#at = at;
  }

  /** Milliseconds until one more message may leave; 0 takes the token. */
  take(at: Instant, urgent: boolean): number {
    const pace = this.#pace;
    if (pace === null) return 0;
    const perMs = pace.perMinute / 60_000;
    this.#tokens = Math.min(pace.burst, this.#tokens + Math.max(0, at - this.#at) * perMs);
    this.#at = at;
    const floor = urgent ? 1 - pace.burst : 1;
    if (this.#tokens >= floor) {
      this.#tokens -= 1;
      return 0;
    }
    return Math.ceil((floor - this.#tokens) / perMs);
  }
}
