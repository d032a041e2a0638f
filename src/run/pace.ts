/** How fast may be spoken: a bucket of tokens, refilled with time, some of them kept free for what is more urgent. */
import type { Instant } from "../core/kernel/time.ts";
import type { Lane } from "../ports/deliveries.ts";

export interface Pace {
  /** Messages at once. No minute, wherever it begins, holds more than `burst + perMinute`. */
  readonly burst: number;
  readonly perMinute: number;
  /** Tokens that a message of these lanes leaves untouched; the critical lane takes the last one. */
  readonly keep: { readonly reply: number; readonly info: number };
}

/** All rooms of one platform together: at most 25 in any second. */
export const PLATFORM_PACE: Pace = { burst: 5, perMinute: 1200, keep: { reply: 1, info: 2 } };

/** A token in the unit of counting: with it, a millisecond refills a whole number. */
const TOKEN = 60_000;

export class Bucket {
  readonly #pace: Pace;
  #level: number;
  #at: Instant;

  constructor(pace: Pace, at: Instant) {
    this.#pace = pace;
    this.#level = pace.burst * TOKEN;
    this.#at = at;
  }

  /** Milliseconds until a message of this lane may leave; 0 for now. Takes nothing. */
  waitMs(at: Instant, lane: Lane): number {
    this.#refill(at);
    const { keep, burst, perMinute } = this.#pace;
    const kept = lane === "critical" ? 0 : Math.min(keep[lane], burst - 1);
    return Math.max(0, Math.ceil(((kept + 1) * TOKEN - this.#level) / perMinute));
  }

  /** One message leaves, or one question about a message: the latter is never refused, and leaves nothing below zero. */
  take(at: Instant): void {
    this.#refill(at);
    this.#level = Math.max(0, this.#level - TOKEN);
  }

  #refill(at: Instant): void {
    const { burst, perMinute } = this.#pace;
    const gained = Math.max(0, at - this.#at) * perMinute;
    this.#level = Math.min(burst * TOKEN, this.#level + gained);
    this.#at = at;
  }
}
