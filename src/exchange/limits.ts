/** Token buckets: how often one user or one address may ask, as the live service bounds it. */
// Numbers come from the settings; what a refused asker is told is the server's business.
import type { OwnedClock } from "./clock.ts";
import type { LimitRates } from "./options.ts";

/** What one who asked may know of his bucket. */
export interface Allowance {
  readonly allowed: boolean;
  readonly limit: number;
  /** Whole requests that are left. */
  readonly remaining: number;
  /** Seconds until the bucket is full again. */
  readonly resetSeconds: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

const MOST_BUCKETS = 1000;

export class Limits {
  readonly #clock: OwnedClock;
  readonly #buckets = new Map<string, Bucket>();
  /** Null while there are no limits. */
  rates: LimitRates | null;
  /** How many were turned away. */
  refused = 0;

  constructor(clock: OwnedClock, rates: LimitRates | null) {
    this.#clock = clock;
    this.rates = rates;
  }

  /** Takes one token from a bucket that holds and refills `perSecond`. */
  take(name: string, perSecond: number): Allowance {
    const now = this.#clock.steady();
    const bucket = this.#buckets.get(name) ?? { tokens: perSecond, at: now };
    const filled = bucket.tokens + ((now - bucket.at) / 1000) * perSecond;
    const tokens = Math.min(perSecond, Math.max(0, filled));
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    if (!allowed) this.refused += 1;
    this.#buckets.delete(name);
    this.#buckets.set(name, { tokens: left, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MOST_BUCKETS && oldest !== undefined) this.#buckets.delete(oldest);
    return {
      allowed,
      limit: perSecond,
      remaining: Math.floor(left),
      resetSeconds: Math.ceil((perSecond - left) / perSecond),
    };
  }
}

export const limitHeaders = (of: Allowance): Readonly<Record<string, string>> => ({
  "x-ratelimit-limit": String(of.limit),
  "x-ratelimit-remaining": String(of.remaining),
  "x-ratelimit-reset": String(of.resetSeconds),
});
