/** How often one person may speak: so many messages in any minute. */
import type { PersonId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";

export const RATE_MS = 60_000;

export type Allowance = "yes" | "no" | "no-and-say-so";

export interface MessageRate {
  /** Counts one message when it is allowed. The first refusal of a minute is said at once, the others are counted. */
  take(person: PersonId, at: Instant): Allowance;
  /** How many were refused since that was last said. When there were any it is said now, and a new minute begins. */
  tally(person: PersonId, at: Instant): number;
}

export function messageRate(perMinute: number): MessageRate {
  const recent = new Map<PersonId, Instant[]>();
  const floods = new Map<PersonId, { saidAt: Instant; unsaid: number }>();
  return {
    take(person, at) {
      const times = (recent.get(person) ?? []).filter((time) => at - time < RATE_MS);
      recent.set(person, times);
      if (times.length < perMinute) {
        times.push(at);
        return "yes";
      }
      const flood = floods.get(person);
      if (flood !== undefined && at - flood.saidAt < RATE_MS) {
        flood.unsaid += 1;
        return "no";
      }
      floods.set(person, { saidAt: at, unsaid: 0 });
      return "no-and-say-so";
    },
    tally(person, at) {
      const unsaid = floods.get(person)?.unsaid ?? 0;
      if (unsaid > 0) floods.set(person, { saidAt: at, unsaid: 0 });
      return unsaid;
    },
  };
}
