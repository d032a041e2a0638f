/** Who may speak to the desk and where it speaks, from people.yaml. Numbers and ids only: a name can be given up and taken. */
// Chat never changes this file; `claudbot setup` does, from the machine the desk runs on.
import { readFileSync, statSync } from "node:fs";
import { isSeq } from "yaml";
import { type Person, ROLES, type Role, type Room } from "../chat/person.ts";
import { type PersonId, personId, roomId } from "../core/kernel/ids.ts";
import type { Problem } from "./errors.ts";
import { type Entry, type Section, written, YamlFile } from "./yaml-file.ts";

export interface People {
  readonly people: readonly Person[];
  /** Private chats of people first, then shared rooms. */
  readonly rooms: readonly Room[];
}

const CONSOLE = { account: "console:local", room: roomId("console:local") };
const PERSON_KEYS = ["name", "role", "console", "telegram", "slack", "hears"] as const;
const ROOM_KEYS = ["telegram", "topic", "slack", "hears", "masked"] as const;
const TOPICS = ["incidents", "activity"] as const;
/** Telegram's stand-ins for anonymous admins, channels and linked posts: allowing one lets anybody in. */
const STAND_INS = new Set(["1087968824", "136817688", "777000"]);

/** @param consoleName the name of whoever sits at the console when nobody in the file does */
export function readPeople(path: string, consoleName: string, problems: Problem[]): People {
  const file = open(path, problems);
  const found = file === null ? { people: [], rooms: [] } : read(file);
  problems.push(...(file?.problems ?? []));
  const seated = found.people.some(({ accounts }) => accounts.includes(CONSOLE.account));
  const local: Person = {
    id: personId("console"),
    name: consoleName,
    role: "risk",
    accounts: [CONSOLE.account],
  };
  const console: Room = { id: CONSOLE.room, owner: null, hears: TOPICS };
  return {
    people: seated ? found.people : [local, ...found.people],
    rooms: [console, ...found.rooms],
  };
}

/** Whoever can write this file gives the orders. */
function open(path: string, problems: Problem[]): YamlFile | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const refuse = (what: string, fix: string): null => {
    problems.push({ where: name, what, fix });
    return null;
  };
  try {
    const { uid, mode } = statSync(path);
    const trusted = uid === 0 || uid === process.getuid?.() || process.getuid === undefined;
    if (!trusted || (mode & 0o022) !== 0) {
      return refuse(
        trusted ? "can be changed by other accounts" : "belongs to another account",
        `Make it yours alone: chown, chmod 600 ${path}`,
      );
    }
    return new YamlFile(readFileSync(path, "utf8"), name);
  } catch (error) {
    const absent =
      error instanceof Error && "code" in error && /^ENO(ENT|TDIR)$/.test(`${error.code}`);
    return absent ? null : refuse("cannot be read", `Give this account the right to read ${path}`);
  }
}

function read(file: YamlFile): People {
  const root = file.root(["people", "rooms"]);
  const people = each(file, root, "people").flatMap((entry) => personOf(file, entry) ?? []);
  const rooms = each(file, root, "rooms").flatMap((entry) => roomOf(file, entry) ?? []);
  const all = [...people.flatMap((one) => one.rooms), ...rooms.map(({ room }) => room)];
  refuseTwice(
    file,
    people.flatMap(({ person, where }) =>
      person.accounts.map((account) => ({ name: account, where })),
    ),
  );
  refuseTwice(
    file,
    people.flatMap((one) => one.rooms.map(({ id }) => ({ name: id, where: one.where }))),
  );
  refuseTwice(
    file,
    rooms.map(({ room, where }) => ({ name: room.id, where })),
  );
  return { people: people.map(({ person }) => person), rooms: all };
}

function each(file: YamlFile, root: Section | null, key: string): readonly Entry[] {
  const entry = root?.entries.get(key);
  if (entry === undefined || written(entry.node) === null) return [];
  return [...(file.section(entry, null)?.entries.values() ?? [])];
}

function personOf(file: YamlFile, entry: Entry) {
  const section = file.section(entry, PERSON_KEYS);
  if (section === null) return null;
  const key = entry.path.slice(entry.path.indexOf(".") + 1);
  if (!/^[a-z0-9][a-z0-9_-]{0,31}$/.test(key) || key === "console") {
    file.refuse(entry.where, "not an id", "Use lower-case letters, digits, - and _, e.g. ana");
    return null;
  }
  const id = personId(key);
  const role = roleOf(file, section);
  const name = text(file, section, "name", /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,31}$/u, "Ana") ?? key;
  const telegram = text(file, section, "telegram", /^[1-9]\d{0,15}$/, "123456789");
  const slack = text(file, section, "slack", /^[TE][A-Z0-9]+\/[UW][A-Z0-9]+$/, "T024BE7LD/U2147");
  if (telegram !== null && STAND_INS.has(telegram)) {
    file.refuse(`${section.where}`, "telegram is a stand-in, not a person", "Use their own id");
    return null;
  }
  if (role === null) return null;
  const console = text(file, section, "console", /^(true|false)$/, "true") === "true";
  const person: Person = {
    id,
    name,
    role,
    accounts: [
      ...(console ? [CONSOLE.account] : []),
      ...(telegram === null ? [] : [`telegram:${telegram}`]),
      ...(slack === null ? [] : [`slack:${slack}`]),
    ],
  };
  return { person, where: entry.where, rooms: privateRooms(id, telegram, slack, file, section) };
}

/** A private chat is a room of one: what they ask there is answered there. */
function privateRooms(
  owner: PersonId,
  telegram: string | null,
  slack: string | null,
  file: YamlFile,
  section: Section,
): readonly Room[] {
  const hears = topics(file, section);
  const ids = [
    ...(telegram === null ? [] : [roomId(`telegram:${telegram}`)]),
    ...(slack === null ? [] : [roomId(`slack:@${slack.slice(slack.indexOf("/") + 1)}`)]),
  ];
  return ids.map((id) => ({ id, owner, hears }));
}

function roomOf(file: YamlFile, entry: Entry) {
  const section = file.section(entry, ROOM_KEYS);
  if (section === null) return null;
  const chat = text(file, section, "telegram", /^-[1-9]\d{0,15}$/, "-1001234567890");
  const topic = text(file, section, "topic", /^[1-9]\d{0,9}$/, "7");
  const channel = text(file, section, "slack", /^[CG][A-Z0-9]{2,}$/, "C024BE7LR");
  const { where } = entry;
  if ((chat === null) === (channel === null)) {
    file.refuse(where, "not one place", "Give it either telegram: <chat> or slack: <channel>");
    return null;
  }
  const id =
    channel === null ? `telegram:${chat}${topic === null ? "" : `/${topic}`}` : `slack:${channel}`;
  const masked = text(file, section, "masked", /^(true|false)$/, "true") === "true";
  const room: Room = {
    id: roomId(id),
    owner: null,
    hears: topics(file, section),
    ...(masked ? { masked } : {}),
  };
  return { room, where };
}

function roleOf(file: YamlFile, section: Section): Role | null {
  const entry = file.need(section, "role", "operator");
  const value = entry && written(entry.node);
  const role = ROLES.find((one) => one === value);
  if (entry && role === undefined) {
    file.refuse(entry.where, "not a role", `Allowed: ${ROLES.join(", ")}`);
  }
  return role ?? null;
}

/** Null when it is not there. What does not fit is a problem, and null. */
function text(
  file: YamlFile,
  section: Section,
  key: string,
  shape: RegExp,
  example: string,
): string | null {
  const entry = section.entries.get(key);
  if (entry === undefined) return null;
  const value = written(entry.node);
  if (typeof value === "string" && shape.test(value)) return value;
  file.refuse(
    entry.where,
    `cannot be ${JSON.stringify(value ?? null)}`,
    `Write ${key}: ${example}`,
  );
  return null;
}

function topics(file: YamlFile, section: Section): Room["hears"] {
  const entry = section.entries.get("hears");
  if (entry === undefined) return [];
  if (!isSeq(entry.node)) {
    file.refuse(entry.where, "not a list", `Write hears: [${TOPICS.join(", ")}]`);
    return [];
  }
  return (file.list(entry) ?? []).flatMap(({ node, where }) => {
    const topic = TOPICS.find((one) => one === written(node));
    if (topic === undefined) file.refuse(where, "not a topic", `Allowed: ${TOPICS.join(", ")}`);
    return topic ?? [];
  });
}

function refuseTwice(
  file: YamlFile,
  named: readonly { readonly name: string; readonly where: string }[],
): void {
  const seen = new Set<string>();
  for (const { name, where } of named) {
    if (seen.has(name)) file.refuse(where, `${name} stands here twice`, "Keep one of the two");
    seen.add(name);
  }
}
