/** A clock for tests that only moves when it is told to, running what falls due on the way. */
import type { Cancel, Clock } from "../../src/exchange/clock.ts";

export interface SteppingClock extends Clock {
  advance(ms: number): void;
}

interface Due {
  at: number;
  readonly every: number | null;
  readonly run: () => void;
}

export function steppingClock(start: number): SteppingClock {
  let now = start;
  const waiting = new Set<Due>();
  const add = (due: Due): Cancel => {
    waiting.add(due);
    return () => waiting.delete(due);
  };
  const after = (ms: number, run: () => void): Cancel =>
    add({ at: now + Math.max(0, ms), every: null, run });
  return {
    now: () => now,
    after,
    every: (ms, run) => add({ at: now + ms, every: ms, run }),
    soon: (run) => {
      after(0, run);
    },
    advance: (ms) => {
      now += ms;
      for (;;) {
        const due = [...waiting].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) return;
        if (due.every === null) waiting.delete(due);
        else due.at += due.every;
        due.run();
      }
    },
  };
}
