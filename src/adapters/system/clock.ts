/** The machine's clock. The one place that asks it what time it is. */
import { instant } from "../../core/kernel/time.ts";
import type { Clock } from "../../ports/clock.ts";

export const systemClock: Clock = { now: () => instant(Date.now()) };
