/** How long to wait before trying again: exponential with full jitter, so that many clients do not come back at once. */
// Randomness is handed in; nothing here waits.
import type { Entropy } from "../../ports/random.ts";

/** A float in [0, 1) from four bytes. */
const draw = (entropy: Entropy): number => Number.parseInt(entropy.hex(4), 16) / 4_294_967_296;

/**
 * Milliseconds in [floorMs, min(mostMs, baseMs · 2^attempt)], evenly drawn. `attempt` counts from 0.
 */
export function backoffMs(
  attempt: number,
  bounds: { readonly floorMs: number; readonly baseMs: number; readonly mostMs: number },
  entropy: Entropy,
): number {
  const ceiling = Math.min(bounds.mostMs, bounds.baseMs * 2 ** Math.min(attempt, 30));
  return Math.max(bounds.floorMs, Math.floor(draw(entropy) * ceiling));
}
