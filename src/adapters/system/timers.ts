/** Real waiting. A wait keeps the process alive; whoever began it cancels it. */
import type { Timers } from "../../ports/timers.ts";

/** Node runs a longer timer at once. */
const LONGEST_MS = 2_147_483_647;

function after(ms: number, run: () => void): () => void {
  const wait = Math.min(ms, LONGEST_MS);
  let cancelRest = (): void => {};
  const timer = setTimeout(() => {
    if (ms <= LONGEST_MS) run();
    else cancelRest = after(ms - LONGEST_MS, run);
  }, wait);
  return () => {
    clearTimeout(timer);
    cancelRest();
  };
}

/** The next run is timed from the end of the last, so that slow runs never pile up. */
function every(ms: number, run: () => void): () => void {
  let cancelled = false;
  let cancelNext = (): void => {};
  const arm = (): void => {
    cancelNext = after(ms, () => {
      run();
      if (!cancelled) arm();
    });
  };
  arm();
  return () => {
    cancelled = true;
    cancelNext();
  };
}

export const systemTimers: Timers = {
  after,
  every,
  // A microtask that asks for the next would keep sockets and timers waiting for as long as there is work.
  soon: (run) => {
    setImmediate(run);
  },
};
