/** One desk at a time. Times are passed in; the database's own clock is never asked. */
import type { Result } from "../core/kernel/result.ts";
import type { Instant } from "../core/kernel/time.ts";

export interface LeaseHeld {
  readonly epoch: number;
  readonly holder: string;
  readonly expiresAt: Instant;
}

export interface Lease {
  /**
   * Takes the lease when it is free or expired, raising the epoch. Fails with who holds it until when.
   * A journal opened under an older epoch can append nothing from this moment on.
   */
  take(holder: string, at: Instant, ttlMs: number): Promise<Result<LeaseHeld, LeaseHeld>>;
  /** Extends it. Fails when it was taken over. */
  renew(at: Instant, ttlMs: number): Promise<Result<LeaseHeld, { readonly kind: "lost" }>>;
  /** Gives it back at once, so that a restart need not wait. */
  release(): Promise<void>;
}
