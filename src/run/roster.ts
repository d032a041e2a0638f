/** Who is who: accounts to people, rooms that are ours, and strangers counted without a row. In memory, asked first. */
import type { Person, Room } from "../chat/person.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";

export interface Roster {
  person(account: string): Person | null;
  isRoom(room: RoomId): boolean;
}

export function roster(people: readonly Person[], rooms: readonly Room[]): Roster {
  const byAccount = new Map(
    people.flatMap((person) => person.accounts.map((account) => [account, person] as const)),
  );
  const ours = new Set(rooms.map(({ id }) => id));
  return {
    person: (account) => byAccount.get(account) ?? null,
    isRoom: (room) => ours.has(room),
  };
}

const HOUR_MS = 3_600_000;
const MAX_ACCOUNTS = 1_000;

export interface Strangers {
  /** Counts one message. True when this account may be given the one neutral answer of its hour. */
  seen(account: string, at: Instant): boolean;
  /** Messages from strangers since the start. */
  count(): number;
}

export function strangers(): Strangers {
  const answered = new Map<string, Instant>();
  let count = 0;
  return {
    seen(account, at) {
      count += 1;
      const last = answered.get(account);
      if (last !== undefined && at - last < HOUR_MS) return false;
      // With too many strangers at once the rest is met with silence until the oldest hour is over.
      for (const [oldest, since] of answered) {
        if (at - since >= HOUR_MS) answered.delete(oldest);
        else break;
      }
      if (answered.size >= MAX_ACCOUNTS) return false;
      answered.delete(account);
      answered.set(account, at);
      return true;
    },
    count: () => count,
  };
}
