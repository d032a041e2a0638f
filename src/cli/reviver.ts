/** A database that takes no events: one of our own is started again, and the log hears of it, but not at every try. */
import type { Database } from "../../db/database.ts";
import { systemClock } from "../adapters/system/clock.ts";

/** Called at each append that failed: one attempt at a time. */
export function reviver(
  { restart }: Pick<Database, "restart">,
  warn: (why: string) => void,
): (why: string) => void {
  const [refused, dead] = [eachMinute(warn), eachMinute(warn)];
  let reviving = false;
  return (why) => {
    if (reviving) return;
    reviving = true;
    refused(why);
    (restart?.() ?? Promise.resolve())
      .catch((error: unknown) => dead(String(error)))
      .finally(() => {
        reviving = false;
      });
  };
}

/** The first at once; of what is said within a minute after it nothing. */
function eachMinute(warn: (why: string) => void): (why: string) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (why) => {
    const now = systemClock.now();
    if (now - toldAt < 60_000) return;
    toldAt = now;
    warn(why);
  };
}
