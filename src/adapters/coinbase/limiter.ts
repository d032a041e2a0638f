/** A token bucket for calls to the venue, with lanes: cancels and probes first, then exits, entries and reads. */
// It decides when a call may leave; a lower lane never takes what is kept for a higher one, of our own rate or of what
// the venue says is left of its window.
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";
import { type HeldPace, venueHold } from "./hold.ts";
import type { RateSeen } from "./rates.ts";

/** `urgent` is for cancels and probes, `exit` for creates that lower risk, `trade` for other creates. */
export type Pace = "urgent" | HeldPace;

export interface Limiter {
  /** True when the call may leave now; false when it would have waited too long or the limiter was closed. */
  take(pace: Pace): Promise<boolean>;
  /** Said once for each call that was let go, with what its reply told of our allowance, and whether it was let in. */
  answered(rate: RateSeen | null, accepted: boolean): void;
  /** What was told last. */
  seen(): RateSeen | null;
  /** The venue asked for silence: urgent calls may leave meanwhile, others after a while one by one. */
  pause(ms: number): void;
  close(): void;
}

export interface Rate {
  readonly perSecond: number;
  /** Calls that may leave at once. */
  readonly burst: number;
  /** Calls that each lane must leave to those above it. */
  readonly kept: Readonly<Record<Pace, number>>;
  /** Longest wait in each lane. */
  readonly patienceMs: Readonly<Record<Pace, number>>;
}

/** The lanes are looked at at least so often while somebody waits. */
const LOOK_MS = 250;

interface Lane {
  readonly pace: Pace;
  readonly waiting: { since: number; readonly go: (may: boolean) => void }[];
}

export function limiter(
  rate: Rate,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
): Limiter {
  const { perSecond, burst, kept, patienceMs } = rate;
  const lanes: Readonly<Record<Pace, Lane>> = {
    urgent: { pace: "urgent", waiting: [] },
    exit: { pace: "exit", waiting: [] },
    trade: { pace: "trade", waiting: [] },
    read: { pace: "read", waiting: [] },
  };
  const inOrder: readonly Lane[] = [lanes.urgent, lanes.exit, lanes.trade, lanes.read];
  const hold = venueHold(clock);
  let tokens = burst;
  let filledAt = clock.now();
  let cancelTimer: (() => void) | null = null;
  let closed = false;

  const refill = (): void => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + (Math.max(0, now - filledAt) * perSecond) / 1000);
    filledAt = now;
  };
  const may = ({ pace }: Lane): boolean => {
    if (tokens < kept[pace] + 1) return false;
    return pace === "urgent" || hold.mayLeave(pace);
  };

  const serve = (lane: Lane): void => {
    while (lane.waiting.length > 0 && may(lane)) {
      tokens -= 1;
      hold.left(lane.pace);
      lane.waiting.shift()?.go(true);
    }
    const now = clock.now();
    // A clock that was set back begins the wait anew.
    for (const one of lane.waiting) one.since = Math.min(one.since, now);
    while (lane.waiting[0] && now - lane.waiting[0].since >= patienceMs[lane.pace]) {
      lane.waiting.shift()?.go(false);
    }
  };

  const pump = (): void => {
    refill();
    for (const lane of inOrder) serve(lane);
    if (cancelTimer || inOrder.every((lane) => lane.waiting.length === 0)) return;
    cancelTimer = timers.after(Math.min(LOOK_MS, Math.ceil(1000 / perSecond)), () => {
      cancelTimer = null;
      pump();
    });
  };

  return {
    take: (pace) => {
      if (closed) return Promise.resolve(false);
      return new Promise((go) => {
        lanes[pace].waiting.push({ since: clock.now(), go });
        pump();
      });
    },
    answered: hold.answered,
    seen: hold.seen,
    pause: hold.pause,
    close: () => {
      closed = true;
      cancelTimer?.();
      for (const { waiting } of inOrder) for (const { go } of waiting.splice(0)) go(false);
    },
  };
}
