/** When an order that waits is over at the venue by itself, whether or not its desk still lives. */
import { type Instant, instant } from "../kernel/time.ts";
import type { Plan } from "./state.ts";

/** The desk takes a resting order back itself; the venue ends what nobody took back by then. */
const GRACE_MS = 60_000;

/** In whole seconds; null for one that ends at once, or that stays until it is taken back. */
export function endsAtVenue({
  timeInForce,
  slices,
  postOnly,
  validUntil,
}: Pick<Plan, "timeInForce" | "slices" | "postOnly" | "validUntil">): Instant | null {
  if (slices !== undefined) return slices.end;
  if (timeInForce !== "gtc" || postOnly !== true) return null;
  return instant(Math.ceil((validUntil + GRACE_MS) / 1000) * 1000);
}
