/** The one clock. Everything that asks what time it is asks here; a virtual clock makes simulation and live one program. */
import type { Instant } from "../core/kernel/time.ts";

export interface Clock {
  now(): Instant;
}
