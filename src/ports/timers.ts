/** Waiting. Real timers live; a scheduler of virtual time stands here in simulation. */

export interface Timers {
  /** Runs once after `ms`. The answer cancels it; cancelling twice or late is harmless. */
  after(ms: number, run: () => void): () => void;
  /** Runs every `ms` until cancelled. A slow run delays the next; runs never overlap. */
  every(ms: number, run: () => void): () => void;
  /** Runs after the current callback and the input and output under way, in the order asked. It holds up nobody else. */
  soon(run: () => void): void;
}
