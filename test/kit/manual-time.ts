/** A clock and timers that move only when a test says so. Waiting for promises between steps is part of moving. */
import { type Instant, instant } from "../../src/core/kernel/time.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Timers } from "../../src/ports/timers.ts";

export interface ManualTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Runs everything that falls due within `ms`, in order, settling promises after each. */
  pass(ms: number): Promise<void>;
  /** Lets promises settle without moving time. */
  settle(): Promise<void>;
}

interface Waiting {
  readonly id: number;
  readonly at: number;
  readonly run: () => void;
}

export function manualTime(start: Instant): ManualTime {
  let now: number = start;
  let count = 0;
  let waiting: Waiting[] = [];
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const after = (ms: number, run: () => void): (() => void) => {
    count += 1;
    const one = { id: count, at: now + Math.max(0, ms), run };
    waiting.push(one);
    return () => {
      waiting = waiting.filter((other) => other !== one);
    };
  };
  const every = (ms: number, run: () => void): (() => void) => {
    let cancel = (): void => {};
    const again = (): void => {
      cancel = after(ms, again);
      run();
    };
    cancel = after(ms, again);
    return () => cancel();
  };
  return {
    clock: { now: () => instant(now) },
    timers: { after, every, soon: (run) => queueMicrotask(run) },
    settle,
    async pass(ms) {
      const until = now + ms;
      await settle();
      for (;;) {
        const [next] = waiting
          .filter(({ at }) => at <= until)
          .sort((a, b) => a.at - b.at || a.id - b.id);
        if (!next) break;
        now = Math.max(now, next.at);
        waiting = waiting.filter((other) => other !== next);
        next.run();
        await settle();
      }
      now = until;
      await settle();
    },
  };
}
