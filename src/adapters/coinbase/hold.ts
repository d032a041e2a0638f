/** What the venue holds back: the silence it asks for, and the end of the window it tells. Neither is believed for long. */
// One header must not keep a desk from selling: after a while one call a second tries whether the hold still stands.
import type { Instant } from "../../core/kernel/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RateSeen } from "./rates.ts";

/** Lanes below cancels and probes, which nothing of the venue's holds back. */
export type HeldPace = "exit" | "trade" | "read";

export interface Hold {
  mayLeave(pace: HeldPace): boolean;
  /** Said of every call that leaves. */
  left(pace: HeldPace | "urgent"): void;
  /** Said once for each call that had left. `accepted`: the venue let it in. */
  answered(told: RateSeen | null, accepted: boolean): void;
  seen(): RateSeen | null;
  pause(ms: number): void;
}

/** So long each lane obeys without a try. A position that must be sold waits less. */
const OBEYED_MS: Readonly<Record<HeldPace, number>> = { exit: 5000, trade: 30_000, read: 30_000 };
const TRY_EVERY_MS = 1000;
/** The part of the venue's window that is left to cancels, probes and exits. */
const WINDOW_KEPT = 0.3;

export function venueHold(clock: Clock): Hold {
  let silence: { readonly setAt: Instant; readonly until: number } | null = null;
  let window: RateSeen | null = null;
  let underWay = 0;
  /** Calls the window still has, as last told, less those that left since. */
  let room = Number.POSITIVE_INFINITY;
  /** Since when something has been held without a break. */
  let heldSince: Instant | null = null;
  /** When a call last left that a hold would keep. */
  let leftAt: Instant | null = null;

  // A clock that was set back must not make a hold endless: what was told later than now is over.
  const isSilent = (now: Instant): boolean =>
    silence !== null && now < silence.until && now >= silence.setAt;
  const isShort = (now: Instant, pace: HeldPace): boolean => {
    if (window === null || now >= window.resetAt || now < window.seenAt) return false;
    const kept = pace === "exit" ? 0 : Math.ceil(window.limit * WINDOW_KEPT);
    return room - kept < 1;
  };
  const isHeld = (now: Instant, pace: HeldPace): boolean => isSilent(now) || isShort(now, pace);
  /** `change` may begin a hold, or go on with one. */
  const changing = (change: () => void): void => {
    const now = clock.now();
    if (!isHeld(now, "read") || (heldSince !== null && now < heldSince)) heldSince = null;
    change();
    if (isHeld(now, "read")) heldSince ??= now;
  };
  const isOld = (now: Instant, pace: HeldPace): boolean =>
    heldSince !== null && now - heldSince >= OBEYED_MS[pace];

  return {
    mayLeave: (pace) => {
      const now = clock.now();
      if (!isHeld(now, pace)) return true;
      if (heldSince === null || now < heldSince) heldSince = now;
      if (!isOld(now, pace)) return false;
      return leftAt === null || now < leftAt || now - leftAt >= TRY_EVERY_MS;
    },
    left: (pace) => {
      if (pace !== "urgent") leftAt = clock.now();
      changing(() => {
        underWay += 1;
        room -= 1;
      });
    },
    answered: (told, accepted) =>
      changing(() => {
        underWay = Math.max(0, underWay - 1);
        // It was let in long after we were told to be silent: the silence is over, and so is a window told no more.
        if (accepted && isOld(clock.now(), "read")) {
          silence = null;
          room = Number.POSITIVE_INFINITY;
        }
        if (told === null) return;
        window = told;
        room = told.remaining - underWay;
      }),
    seen: () => window,
    pause: (ms) =>
      changing(() => {
        const now = clock.now();
        const until = now + ms;
        silence = {
          setAt: now,
          until: isSilent(now) ? Math.max(silence?.until ?? 0, until) : until,
        };
      }),
  };
}
