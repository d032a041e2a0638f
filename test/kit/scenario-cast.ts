/** Who speaks in the scenario table, and where: one person for each role, with an account on every platform. */

import { CONSOLE_ACCOUNT, CONSOLE_ROOM } from "../../src/adapters/console/receive.ts";
import type { Person, Room } from "../../src/chat/person.ts";
import type { Authority } from "../../src/core/control/authority.ts";
import { personId, type RoomId, roomId } from "../../src/core/kernel/ids.ts";
import { AUTHORITY as LAW } from "./confirmation-witness.ts";
import { TEAM } from "./slack-fake.ts";
import { type FakeUser, privateChat, supergroup, user } from "./telegram-fake.ts";

export const ROLES = ["stranger", "viewer", "operator", "risk", "admin"] as const;
export type Role = (typeof ROLES)[number];

export interface Actor {
  readonly role: Role;
  readonly id: string;
  readonly telegram: FakeUser;
  readonly slack: string;
}

const actor = (role: Role, id: string, number: number): Actor => ({
  ...{ role, id, telegram: user(number, id), slack: `U0${id.toUpperCase()}` },
});

/** Eve stands in no list. */
export const ACTORS: { readonly [R in Role]: Actor } = {
  stranger: actor("stranger", "eve", 3001),
  viewer: actor("viewer", "vic", 3002),
  operator: actor("operator", "bo", 3003),
  risk: actor("risk", "ana", 3004),
  admin: actor("admin", "ada", 3005),
};
/** Asked for what others answer. Says nothing in any case. */
export const SAM = personId("sam");

export const GROUP = supergroup(-1001000000001);
export const OTHER_GROUP = supergroup(-1001000000099);
export const CHANNEL = "C0DESK";
export const OTHER_CHANNEL = "C0OTHER";

const ours = ROLES.filter((role) => role !== "stranger").map((role) => ACTORS[role]);

/** @param atConsole whoever sits at the desk's own terminal, or nobody */
export const people = (atConsole: Role | null): readonly Person[] => [
  ...ours.map(({ id, role, telegram, slack }) => ({
    id: personId(id),
    name: id,
    role: role as Person["role"],
    accounts: [
      ...[`telegram:${telegram.id}`, `slack:${TEAM}/${slack}`],
      ...(role === atConsole ? [CONSOLE_ACCOUNT] : []),
    ],
  })),
  { id: SAM, name: "sam", role: "risk", accounts: ["telegram:3009"] },
];

const privately = ({ id, telegram, slack }: Actor): readonly Room[] =>
  [`telegram:${privateChat(telegram).id}`, `slack:@${slack}`].map((room) => ({
    ...{ id: roomId(room), owner: personId(id), hears: [] },
  }));

export const ROOMS: readonly Room[] = [
  ...[roomId(`telegram:${GROUP.id}`), roomId(`slack:${CHANNEL}`), CONSOLE_ROOM].map((id) => ({
    ...{ id, owner: null, hears: ["incidents" as const] },
  })),
  ...ours.flatMap(privately),
];
export const TELEGRAM_ROOMS: readonly RoomId[] = ROOMS.map(({ id }) => id).filter((id) =>
  id.startsWith("telegram:"),
);
export const SLACK_ACCOUNTS: readonly string[] = ours.map(({ slack }) => `slack:${TEAM}/${slack}`);

/** The steps of a live desk, for these people. */
export const AUTHORITY: Authority = {
  ...LAW,
  people: people(null).map(({ id, name, role }) => ({
    ...{ id, name, approves: role === "risk" || role === "admin" },
    platforms: ["telegram", "slack"],
  })),
};
