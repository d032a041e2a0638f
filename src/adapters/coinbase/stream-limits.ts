/** The venue's limits for sockets: how many may be opened and how many messages sent within a second, over all streams. */
// It decides when; what leaves is the caller's business. The numbers are the venue's and count by address: coinbase.md §8.2.
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";

export interface StreamRates {
  readonly connectionsPerSecond: number;
  /** Messages without a token. */
  readonly publicMessagesPerSecond: number;
  readonly signedMessagesPerSecond: number;
}

export interface StreamLimits {
  /** Runs `open` as soon as a socket may be opened: at once, or when others have had their turn. The answer cancels it. */
  connection(open: () => void): () => void;
  /** The same for sending one message. */
  message(signed: boolean, send: () => void): () => void;
}

const SECOND_MS = 1000;
const RATES: StreamRates = {
  connectionsPerSecond: 8,
  publicMessagesPerSecond: 8,
  signedMessagesPerSecond: 750,
};

interface World {
  readonly clock: Clock;
  readonly timers: Timers;
}

/** One for all the sockets of a client. */
export function streamLimits(world: World, rates: Partial<StreamRates> = {}): StreamLimits {
  const all = { ...RATES, ...rates };
  const connections = pacing(all.connectionsPerSecond, world);
  const open = pacing(all.publicMessagesPerSecond, world);
  const signed = pacing(all.signedMessagesPerSecond, world);
  return {
    connection: connections,
    message: (isSigned, send) => (isSigned ? signed : open)(send),
  };
}

/** At most `most` runs within any second, first come, first served. Holds a timer only while somebody waits. */
function pacing(most: number, { clock, timers }: World): (run: () => void) => () => void {
  let left: number[] = [];
  const waiting = new Set<() => void>();
  let cancelTimer: (() => void) | null = null;
  const stopTimer = (): void => {
    cancelTimer?.();
    cancelTimer = null;
  };

  /** 0 when one may run now. */
  const waitMs = (): number => {
    const now = clock.now();
    // A clock set back must not hold anybody up for longer than it would have without.
    left = left.map((at) => Math.min(at, now)).filter((at) => at > now - SECOND_MS);
    const first = left[left.length - most];
    return first === undefined ? 0 : first + SECOND_MS - now;
  };
  const pump = (): void => {
    stopTimer();
    for (const run of waiting) {
      const ms = waitMs();
      if (ms > 0) {
        stopTimer();
        cancelTimer = timers.after(ms, pump);
        return;
      }
      waiting.delete(run);
      left.push(clock.now());
      run();
    }
  };
  return (run) => {
    const mine = (): void => run();
    waiting.add(mine);
    if (cancelTimer === null) pump();
    return () => {
      if (waiting.delete(mine) && waiting.size === 0) stopTimer();
    };
  };
}
