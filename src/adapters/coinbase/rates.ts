/** What the venue says of our allowance: how many calls a window holds, how many are left, and when it starts anew. */
// coinbase.md §8.2. The headers may be missing on any reply: then nothing is learnt.
import { type Instant, later } from "../../core/kernel/time.ts";
import type { TransportReply } from "../../ports/transport.ts";

export interface RateSeen {
  /** Calls a window holds. */
  readonly limit: number;
  /** Calls left in it. */
  readonly remaining: number;
  readonly resetAt: Instant;
  readonly seenAt: Instant;
}

/** Null until a reply told it. Signed calls count by user, public ones by address. */
export interface Rates {
  readonly signed: RateSeen | null;
  readonly public: RateSeen | null;
}

/** A window whose end is not told is taken for one second. */
const UNTOLD_RESET_MS = 1000;
/** Seconds beyond this are a date. */
const LEAST_DATE_S = 1_000_000_000;

/** Null unless limit and remaining are both told. `x-ratelimit-reset` is in seconds from now. */
export function rateOf(reply: TransportReply, now: Instant): RateSeen | null {
  const limit = count(reply.headers["x-ratelimit-limit"]);
  const remaining = count(reply.headers["x-ratelimit-remaining"]);
  if (limit === null || remaining === null || limit === 0) return null;
  const resetMs = secondsAsMs(reply.headers["x-ratelimit-reset"], now) ?? UNTOLD_RESET_MS;
  return { limit, remaining, resetAt: later(now, resetMs), seenAt: now };
}

/** How long the venue asks to wait, in ms; null when it does not say. */
export function askedWait(reply: TransportReply, now: Instant): number | null {
  const after = reply.headers["retry-after"];
  const seconds = secondsAsMs(after, now) ?? secondsAsMs(reply.headers["x-ratelimit-reset"], now);
  if (seconds !== null) return seconds;
  const date = after === undefined ? Number.NaN : Date.parse(after);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function secondsAsMs(text: string | undefined, now: Instant): number | null {
  if (text === undefined || !/^\s*\d{1,12}(\.\d{1,9})?\s*$/.test(text)) return null;
  const seconds = Number(text);
  return Math.ceil(seconds >= LEAST_DATE_S ? Math.max(0, seconds * 1000 - now) : seconds * 1000);
}

/** A list such as `30, 30;window=1` counts by its first number. */
function count(text: string | undefined): number | null {
  const first = /^\s*(\d{1,9})\b/.exec(text ?? "");
  return first ? Number(first[1]) : null;
}
