/** Windows of the week, UTC, in which no entry is taken. */
import { DAY_MS } from "../../kernel/time.ts";
import type { Lockout } from "../limits.ts";
import { cannotSee, type Rule } from "../rule.ts";

export const lockout: Rule = {
  name: "lockout",
  binds: "entries",
  needs: ["policy"],
  check(_intent, { at, policy }) {
    if (!policy) return cannotSee("policy");
    const inside = policy.event_lockouts.find((window) => window.enabled && isInside(window, at));
    if (!inside) return null;
    return { observed: inside.name, limit: "outside the window", unit: "state", missing: null };
  },
};

/** `[from, to)` on the days listed; a window that crosses midnight belongs to the day it begins on. */
export function isInside(window: Lockout, at: number): boolean {
  const minute = Math.floor((at % DAY_MS) / 60_000);
  // 1 January 1970 was a Thursday.
  const today = (Math.floor(at / DAY_MS) + 4) % 7;
  const yesterday = (today + 6) % 7;
  if (window.from < window.to) {
    return window.days.includes(today) && minute >= window.from && minute < window.to;
  }
  return (
    (window.days.includes(today) && minute >= window.from) ||
    (window.days.includes(yesterday) && minute < window.to)
  );
}
