/** Who types codes that are not theirs: five within a quarter of an hour lock what raises risk for that person. */
// In memory: it slows down whoever guesses, it is no right. What lowers risk is never locked.
import type { Person } from "../chat/person.ts";
import type { PersonId } from "../core/kernel/ids.ts";
import { type Instant, later } from "../core/kernel/time.ts";
import type { Notices } from "../ports/notices.ts";

const WRONG_CODES = 5;
const WRONG_MS = 900_000;

export interface WrongCodes {
  /** Counts one, and says so to everybody when it is one too many: that person is locked from then on. */
  wrong(person: Person, platform: string, at: Instant): void;
  /** When the lock of this person ends, or null. */
  lockedUntil(person: PersonId, at: Instant): Instant | null;
}

export function wrongCodes(notices: Notices): WrongCodes {
  const recent = new Map<PersonId, readonly Instant[]>();
  const locks = new Map<PersonId, Instant>();
  return {
    wrong(person, platform, at) {
      const times = [...(recent.get(person.id) ?? []), at].filter((time) => at - time < WRONG_MS);
      recent.set(person.id, times);
      if (times.length < WRONG_CODES) return;
      recent.delete(person.id);
      locks.set(person.id, later(at, WRONG_MS));
      const count = times.length;
      notices.note({ kind: "security", platform, what: "wrong-codes", count, detail: person.name });
    },
    lockedUntil(person, at) {
      const until = locks.get(person);
      if (until === undefined) return null;
      if (at < until) return until;
      locks.delete(person);
      return null;
    },
  };
}
