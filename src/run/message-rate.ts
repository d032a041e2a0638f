/** How often one person may speak: so many messages in any minute. */
import type { PersonId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";

const MINUTE_MS = 60_000;

export type Allowance = "yes" | "no" | "no-and-say-so";

export interface MessageRate {
  /** Counts one message when it is allowed. The first refusal of a minute is said, the others are not. */
  take(person: PersonId, at: Instant): Allowance;
}

export function messageRate(perMinute: number): MessageRate {
  const recent = new Map<PersonId, Instant[]>();
  const toldAt = new Map<PersonId, Instant>();
  return {
    take(person, at) {
      const times = (recent.get(person) ?? []).filter((time) => at - time < MINUTE_MS);
      recent.set(person, times);
      if (times.length < perMinute) {
        times.push(at);
        return "yes";
      }
      const told = toldAt.get(person);
      if (told !== undefined && at - told < MINUTE_MS) return "no";
      toldAt.set(person, at);
      return "no-and-say-so";
    },
  };
}
