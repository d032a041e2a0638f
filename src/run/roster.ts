/** Who is who: accounts to people, rooms that are ours and whose, and strangers who have been told their id. In memory, asked first. */
import type { Person, Room } from "../chat/person.ts";
import { platformOf } from "../chat/platform.ts";
import type { PersonId, RoomId } from "../core/kernel/ids.ts";
import type { Instant } from "../core/kernel/time.ts";

export interface Roster {
  person(account: string): Person | null;
  isRoom(room: RoomId): boolean;
  /** Amounts are nobody's business there. */
  isMasked(room: RoomId): boolean;
  /** Their private chat with the desk; at the console nobody but its own account can speak. */
  isPrivate(person: PersonId, account: string, room: RoomId): boolean;
  /** This person's private chat on a platform, or null. */
  privateRoom(person: PersonId, platform: string): RoomId | null;
}

export function roster(people: readonly Person[], rooms: readonly Room[]): Roster {
  const byAccount = new Map(
    people.flatMap((person) => person.accounts.map((account) => [account, person] as const)),
  );
  const masked = new Set(rooms.flatMap((room) => (room.masked === true ? room.id : [])));
  const owners = new Map(rooms.map(({ id, owner }) => [id, owner]));
  return {
    person: (account) => byAccount.get(account) ?? null,
    isRoom: (room) => owners.has(room),
    isMasked: (room) => masked.has(room),
    isPrivate: (person, account, room) => owners.get(room) === person || isOwnChat(account, room),
    privateRoom: (person, platform) =>
      rooms.find(({ id, owner }) => owner === person && platformOf(id) === platform)?.id ?? null,
  };
}

/** True when the room is where this account talks with the desk alone: `telegram:<id>`, or `slack:@<user>` of `<team>/<user>`. */
export const isOwnChat = (account: string, room: RoomId): boolean =>
  room ===
  (platformOf(account) === "slack" ? `slack:@${account.slice(account.indexOf("/") + 1)}` : account);

const DAY_MS = 86_400_000;
const MAX_ACCOUNTS = 1_000;

export interface Greetings {
  /** True when this account may be told its id: once a day. */
  may(account: string, at: Instant): boolean;
}

export function greetings(): Greetings {
  const greeted = new Map<string, Instant>();
  return {
    may(account, at) {
      const last = greeted.get(account);
      if (last !== undefined && at - last < DAY_MS) return false;
      // With too many strangers at once the rest is met with silence until the oldest day is over.
      for (const [oldest, since] of greeted) {
        if (at - since < DAY_MS) break;
        greeted.delete(oldest);
      }
      if (greeted.size >= MAX_ACCOUNTS) return false;
      greeted.delete(account);
      greeted.set(account, at);
      return true;
    },
  };
}
