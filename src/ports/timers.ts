/** Waiting. Real timers live; a scheduler of virtual time stands here in simulation. */

export interface Timers {
  /** Runs once after `ms`. The answer cancels it; cancelling twice or late is harmless. */
  after(ms: number, run: () => void): () => void;
  /** Runs every `ms` until cancelled. A slow run delays the next; runs never overlap. */
  every(ms: number, run: () => void): () => void;
  /** Runs after the current callback, before any timer, in the order asked. */
  soon(run: () => void): void;
}
