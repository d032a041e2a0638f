/** Who may say what. Everything not granted is denied. */
import { NAMELESS } from "../core/control/called.ts";
import type { PersonId, RoomId } from "../core/kernel/ids.ts";

export const ROLES = ["viewer", "operator", "risk", "admin"] as const;
export type Role = (typeof ROLES)[number];

export interface Person {
  readonly id: PersonId;
  /** The configured name, the only one ever shown. */
  readonly name: string;
  readonly role: Role;
  /** `platform:account`, e.g. `console:local`. */
  readonly accounts: readonly string[];
}

export interface Room {
  readonly id: RoomId;
  /** Whose private chat with the desk this is, or null for a room of several people. */
  readonly owner: PersonId | null;
  /** What is spoken there without being asked. */
  readonly hears: readonly ("incidents" | "activity")[];
  /** Chosen by the desk to hear of its security as well, because no room of its platform hears incidents. */
  readonly guards?: boolean;
  /** Percentages are shown there, and no amounts. */
  readonly masked?: boolean;
}

export const isNameless = (name: string): boolean => name === NAMELESS;

/** `RESUME of Ana`, `your RESUME` */
export const possessed = (what: string, name: string): string =>
  isNameless(name) ? `your ${what}` : `${what} of ${name}`;

export const atLeast = (role: Role, needed: Role): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(needed);
