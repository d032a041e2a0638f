/** One call to the venue and what came of it, as an escalation to its support needs it. Nothing secret is in it. */
import type { Instant } from "../../core/kernel/time.ts";

export interface HeardCall {
  /** When it was sent. */
  readonly at: Instant;
  /** From sending to the last byte. */
  readonly tookMs: number;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Ours, sent along as `x-request-id`. */
  readonly id: string;
  /** Sent headers; the token is replaced by its algorithm, key prefix, dates and uri. */
  readonly sent: Readonly<Record<string, string>>;
  /** Null when no answer came. */
  readonly status: number | null;
  /** Headers of the answer without cookies. */
  readonly received: Readonly<Record<string, string>>;
  /** What went wrong in one line, or null. */
  readonly fault: string | null;
}
