/** Time that runs so many times faster than the machine's: for a desk, for an exchange, and for platforms that date what they carry. */
import { systemTimers } from "../../src/adapters/system/timers.ts";
import { type Instant, instant } from "../../src/core/kernel/time.ts";
import { type Clock as ExchangeClock, systemClock } from "../../src/exchange/clock.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Timers } from "../../src/ports/timers.ts";

export interface ScaledTime {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly exchange: ExchangeClock;
  readonly now: () => Instant;
}

export function scaledTime(times: number, from = Date.now()): ScaledTime {
  const began = performance.now();
  const now = (): Instant => instant(Math.floor(from + (performance.now() - began) * times));
  const machine = systemClock();
  return {
    now,
    clock: { now },
    timers: {
      after: (ms, run) => systemTimers.after(ms / times, run),
      every: (ms, run) => systemTimers.every(ms / times, run),
      soon: systemTimers.soon,
    },
    exchange: {
      now,
      after: (ms, run) => machine.after(ms / times, run),
      every: (ms, run) => machine.every(ms / times, run),
      soon: machine.soon,
    },
  };
}
