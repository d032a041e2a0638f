/**
 * Time and timers of the exchange: the one file that touches them, so that a virtual clock can
 * stand behind.
 */
// It must not know what is scheduled; it may be replaced whole through ExchangeOptions.clock.

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs once, `ms` from now. */
  after(ms: number, run: () => void): Cancel;
  /** Runs each `ms`. */
  every(ms: number, run: () => void): Cancel;
  /** Runs once what is now under way has been answered. */
  soon(run: () => void): void;
}

/** A clock that can give up everything it still has scheduled, and go wrong on demand. */
export interface OwnedClock extends Clock {
  /** Milliseconds that no skew moves; only differences mean something. */
  steady(): number;
  /** From now on `now` is off by so much; 0 sets it right. Timers do not move. */
  skew(ms: number): void;
  stop(): void;
}

const LONGEST_MS = 2 ** 30;

/** The machine's timers; `now` may be replaced alone. */
export function systemClock(now: () => number = Date.now): Clock {
  return {
    now,
    after: (ms, run) => {
      const timer = setTimeout(run, Math.max(0, ms));
      return () => clearTimeout(timer);
    },
    every: (ms, run) => {
      const timer = setInterval(run, ms);
      return () => clearInterval(timer);
    },
    soon: (run) => {
      setImmediate(run);
    },
  };
}

/**
 * A view of `base` that remembers its timers; after `stop` nothing runs any more. Waits of any
 * length are allowed.
 */
export function ownTimers(base: Clock): OwnedClock {
  const running = new Set<Cancel>();
  let stopped = false;
  let skewMs = 0;
  const after = (ms: number, run: () => void): Cancel => {
    if (stopped) return () => {};
    let cancel: Cancel = () => {};
    const wait = (left: number): void => {
      const step = Math.min(left, LONGEST_MS);
      const undo = base.after(step, () => {
        running.delete(undo);
        if (left > step) wait(left - step);
        else run();
      });
      running.add(undo);
      cancel = () => {
        running.delete(undo);
        undo();
      };
    };
    wait(ms);
    return () => cancel();
  };
  return {
    now: () => base.now() + skewMs,
    steady: () => base.now(),
    skew: (ms) => {
      skewMs = ms;
    },
    after,
    every: (ms, run) => {
      if (stopped) return () => {};
      const undo = base.every(ms, run);
      running.add(undo);
      return () => {
        running.delete(undo);
        undo();
      };
    },
    soon: (run) =>
      base.soon(() => {
        if (!stopped) run();
      }),
    stop: () => {
      stopped = true;
      for (const undo of running) undo();
      running.clear();
    },
  };
}
