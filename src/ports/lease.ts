/** One desk at a time. Times are passed in; the database's clock is never asked, and no two clocks are compared. */
import type { Result } from "../core/kernel/result.ts";
import type { Instant } from "../core/kernel/time.ts";

export interface LeaseHeld {
  readonly epoch: number;
  readonly holder: string;
  /** By the clock of its holder; 0 once it was given back. Each renewal changes it. */
  readonly expiresAt: Instant;
}

export interface Lease {
  look(): Promise<LeaseHeld>;
  /**
   * Takes the lease when it was given back, or when it still is exactly what was `seen`, and raises the epoch. Fails with
   * what it is now. A journal opened under an older epoch can append nothing from this moment on.
   */
  take(
    holder: string,
    at: Instant,
    ttlMs: number,
    seen?: LeaseHeld,
  ): Promise<Result<LeaseHeld, LeaseHeld>>;
  /** Extends it. Fails when it was taken over. */
  renew(at: Instant, ttlMs: number): Promise<Result<LeaseHeld, { readonly kind: "lost" }>>;
  /** Gives it back at once, so that a restart need not wait. */
  release(): Promise<void>;
}

/** What a holder may still do. Costs nothing: asked before whatever leaves, and once more just before its first byte. */
export interface Standing {
  /** Why no order may leave now, or null. */
  order(): string | null;
  /** Why nothing at all may leave now, be it a cancel, a question or a message; or null. */
  anything(): string | null;
}
