/** A token bucket for calls to the venue, with lanes: cancels and probes first, then creates, then reads. */
// It decides when a call may leave; a lower lane never takes what is kept for a higher one, of our own rate or of what
// the venue says is left of its window.
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";
import type { RateSeen } from "./rates.ts";

/** `urgent` is for cancels and probes. */
export type Pace = "urgent" | "trade" | "read";

export interface Limiter {
  /** True when the call may leave now; false when it would have waited too long or the limiter was closed. */
  take(pace: Pace): Promise<boolean>;
  /** Said once for each call that was let go, with what its reply told of our allowance. */
  answered(rate: RateSeen | null): void;
  /** What was told last. */
  seen(): RateSeen | null;
  /** The venue asked for silence: only urgent calls may leave meanwhile. */
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
/** The part of the venue's window that only urgent calls may use. */
const WINDOW_KEPT = 0.3;

interface Lane {
  readonly pace: Pace;
  readonly waiting: { readonly since: number; readonly go: (may: boolean) => void }[];
}

export function limiter(
  rate: Rate,
  { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
): Limiter {
  const { perSecond, burst, kept, patienceMs } = rate;
  const lanes: Readonly<Record<Pace, Lane>> = {
    urgent: { pace: "urgent", waiting: [] },
    trade: { pace: "trade", waiting: [] },
    read: { pace: "read", waiting: [] },
  };
  const inOrder: readonly Lane[] = [lanes.urgent, lanes.trade, lanes.read];
  const window = venueWindow(clock);
  let tokens = burst;
  let filledAt = clock.now();
  let pausedUntil = 0;
  let cancelTimer: (() => void) | null = null;
  let closed = false;

  const refill = (): void => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + (Math.max(0, now - filledAt) * perSecond) / 1000);
    filledAt = now;
  };
  const may = ({ pace }: Lane): boolean => {
    if (tokens < kept[pace] + 1) return false;
    return pace === "urgent" || (clock.now() >= pausedUntil && window.hasRoom());
  };

  const serve = (lane: Lane): void => {
    while (lane.waiting.length > 0 && may(lane)) {
      tokens -= 1;
      window.left();
      lane.waiting.shift()?.go(true);
    }
    const now = clock.now();
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
    answered: (told) => window.answered(told),
    seen: () => window.seen(),
    pause: (ms) => {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    },
    close: () => {
      closed = true;
      cancelTimer?.();
      for (const { waiting } of inOrder) for (const { go } of waiting.splice(0)) go(false);
    },
  };
}

/**
 * The venue's own count, as last told, less what is under way. Until its end is over, lower lanes leave the kept part of it.
 */
function venueWindow(clock: Clock) {
  let last: RateSeen | null = null;
  let underWay = 0;
  let room = Number.POSITIVE_INFINITY;
  return {
    hasRoom: (): boolean => {
      const now = clock.now();
      // A clock that was set back must not make the window endless.
      const over = last === null || now >= last.resetAt || now < last.seenAt;
      return over || room >= 1;
    },
    left: (): void => {
      underWay += 1;
      room -= 1;
    },
    answered: (told: RateSeen | null): void => {
      underWay = Math.max(0, underWay - 1);
      if (told === null) return;
      last = told;
      room = told.remaining - underWay - Math.ceil(told.limit * WINDOW_KEPT);
    },
    seen: (): RateSeen | null => last,
  };
}
