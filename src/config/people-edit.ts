/** Changes people.yaml: links an account to a person, adds a room. Comments and the order of what stands there survive. */
// It does what whoever sits at the machine asked for; whether they may is not judged here.
import { existsSync, readFileSync } from "node:fs";
import { type Document, isMap, isScalar, parseDocument, YAMLMap } from "yaml";
import { atLeast, type Person, type Role, type Room } from "../chat/person.ts";
import { type PersonId, type RoomId, roomId } from "../core/kernel/ids.ts";
import { fail, ok, type Result } from "../core/kernel/result.ts";
import type { Problem } from "./errors.ts";
import { type People, readPeople } from "./people.ts";
import { replaceWhole } from "./replace-whole.ts";

export type Topics = Room["hears"];

export interface PersonEdit {
  readonly id: PersonId;
  /** Null: as it stands; a new person gets `usualName`. */
  readonly name: string | null;
  readonly usualName: string;
  /** They sit at this machine: nobody else was named. The first of them in the file then owns the console too. */
  readonly sitsHere: boolean;
  /** Null: as it stands; the very first person gets `risk`, every other new one `operator`. */
  readonly role: Role | null;
  /** Null: as it stands; the very first person hears everything, every other new one nothing. */
  readonly hears: Topics | null;
  /** `telegram:4711` or `slack:T024BE7LD/U2147`; null to see who it would be. */
  readonly account: string | null;
  /** Moves an account that belongs to somebody else, and replaces the one the person has on that platform. */
  readonly replace: boolean;
}

export interface Linked {
  readonly person: Person;
  readonly hears: Topics;
  readonly isNew: boolean;
  /** The file held nobody before. */
  readonly isFirst: boolean;
  /** What is typed at the console is theirs from now on. */
  readonly takesConsole: boolean;
  /** Whose account it was. */
  readonly movedFrom: Person | null;
}

export interface RoomEdit {
  readonly room: RoomId;
  /** Its key in the file; null for the first free one of its platform. */
  readonly name: string | null;
  /** Null: as it stands; a new room hears everything. */
  readonly hears: Topics | null;
}

export interface RoomAdded {
  readonly name: string;
  readonly hears: Topics;
  readonly isNew: boolean;
}

const EVERYTHING: Topics = ["incidents", "activity"];
const HEAD = ` Who may speak to the desk and where it speaks. Read when the desk starts.
 claudbot setup writes here and keeps your comments; docs/chat.md explains every line.`;

/** Who it would be, and what would change. Nothing is written. */
export function planLink(path: string, edit: PersonEdit): Result<Linked, string> {
  const before = inFile(path);
  return before.ok ? plan(before.value, edit) : before;
}

export function linkPerson(path: string, edit: PersonEdit): Result<Linked, string> {
  const before = inFile(path);
  const planned = before.ok ? plan(before.value, edit) : before;
  if (!before.ok || !planned.ok) return planned.ok ? fail("nothing to link") : planned;
  const { person, movedFrom, isNew, hears } = planned.value;
  const document = open(path);
  const at = ["people", person.id];
  const [platform = "", address = ""] = split(edit.account ?? "");
  section(document, "people");
  if (movedFrom !== null) document.deleteIn(["people", movedFrom.id, platform]);
  if (isNew) document.setIn(at, new YAMLMap());
  if (isNew || edit.name !== null) document.setIn([...at, "name"], person.name);
  if (isNew || edit.role !== null) document.setIn([...at, "role"], person.role);
  if (planned.value.takesConsole) document.setIn([...at, "console"], true);
  if (edit.account !== null) document.setIn([...at, platform], scalar(address));
  if (isNew || edit.hears !== null) document.setIn([...at, "hears"], inLine(document, hears));
  const expected = after(before.value.people, planned.value);
  const isRight = ({ people, rooms }: People): boolean => {
    const own = rooms.filter(({ owner }) => owner === person.id);
    return same(people, expected) && own.every((room) => String(room.hears) === String(hears));
  };
  const written = write(path, document, isRight);
  return written.ok ? planned : written;
}

export function addRoom(path: string, edit: RoomEdit): Result<RoomAdded, string> {
  const before = inFile(path);
  if (!before.ok) return before;
  const document = open(path);
  const rooms = section(document, "rooms");
  const [platform = "", address = ""] = split(edit.room);
  const [place = "", topic] = address.split("/");
  const known = rooms.items.map(({ key }) => String(key)).find((key) => isAt(document, key, edit));
  const name = known ?? edit.name ?? freeName(rooms, platform);
  if (known === undefined && rooms.has(name)) return fail(`a room called ${name} is there already`);
  if (known === undefined) document.setIn(["rooms", name], new YAMLMap());
  const at = ["rooms", name];
  const old = before.value.rooms.find(({ id }) => id === edit.room)?.hears ?? EVERYTHING;
  const hears = edit.hears ?? old;
  if (known === undefined) {
    document.setIn([...at, platform], scalar(place));
    if (topic !== undefined) document.setIn([...at, "topic"], scalar(topic));
  }
  if (known === undefined || edit.hears !== null) {
    document.setIn([...at, "hears"], inLine(document, hears));
  }
  const isRight = ({ people, rooms: now }: People): boolean => {
    const there = now.find(({ id, owner }) => owner === null && id === edit.room);
    return same(people, before.value.people) && String(there?.hears) === String(hears);
  };
  const written = write(path, document, isRight);
  return written.ok ? ok({ name, hears, isNew: known === undefined }) : written;
}

/** What the file grants; the person who sits at the console without standing in it is left out. */
function inFile(path: string): Result<People, string> {
  const problems: Problem[] = [];
  const { people, rooms } = readPeople(path, "you", problems);
  if (problems.length > 0) return fail(told(problems));
  return ok({ people: people.filter(({ id }) => id !== "console"), rooms });
}

function plan({ people, rooms }: People, edit: PersonEdit): Result<Linked, string> {
  const old = people.find(({ id }) => id === edit.id);
  const isFirst = people.length === 0;
  const { account } = edit;
  const platform = account === null ? "" : `${split(account)[0]}:`;
  const other = people.find(({ id, accounts }) => {
    return id !== edit.id && account !== null && accounts.includes(account);
  });
  const theirs = old?.accounts.find((one) => platform !== "" && one.startsWith(platform));
  if (other && !edit.replace) {
    return fail(`this account belongs to ${other.name} (${other.id}); --replace moves it`);
  }
  if (old && theirs !== undefined && theirs !== account && !edit.replace) {
    return fail(
      `${old.name} (${old.id}) has another account there; --person names somebody else, --replace puts this one in its place`,
    );
  }
  const kept = (old?.accounts ?? []).filter((one) => one !== theirs);
  const role = edit.role ?? old?.role ?? (isFirst ? "risk" : "operator");
  // A colleague, or somebody with fewer rights, must not become whoever types at the machine.
  const takesConsole = isFirst && edit.sitsHere && atLeast(role, "risk");
  const person: Person = {
    id: edit.id,
    name: edit.name ?? old?.name ?? edit.usualName,
    role,
    accounts: [
      ...(takesConsole ? ["console:local"] : []),
      ...kept,
      ...(account === null ? [] : [account]),
    ],
  };
  const heard = rooms.find(({ owner }) => owner === edit.id)?.hears;
  const hears = edit.hears ?? (old ? (heard ?? []) : isFirst ? EVERYTHING : []);
  return ok({
    person,
    hears,
    isNew: old === undefined,
    isFirst,
    takesConsole,
    movedFrom: other ?? null,
  });
}

function after(people: readonly Person[], { person, isNew, movedFrom }: Linked): readonly Person[] {
  const others = people.map((one) => {
    if (one.id === person.id) return person;
    if (one.id !== movedFrom?.id) return one;
    return { ...one, accounts: one.accounts.filter((each) => !person.accounts.includes(each)) };
  });
  return isNew ? [...others, person] : others;
}

/** Whatever the order of accounts and people. */
function same(found: readonly Person[], expected: readonly Person[]): boolean {
  const sorted = (people: readonly Person[]): string[] =>
    people
      .filter(({ id }) => id !== "console")
      .map(({ id, name, role, accounts }) =>
        JSON.stringify([id, name, role, ...[...accounts].sort()]),
      )
      .sort();
  return JSON.stringify(sorted(found)) === JSON.stringify(sorted(expected));
}

function open(path: string): Document {
  if (existsSync(path)) return parseDocument(readFileSync(path, "utf8"));
  const document = parseDocument("people:\nrooms:\n");
  document.commentBefore = HEAD;
  return document;
}

/** The section of that name; made, when there is nothing in it. What was remarked there stays. */
function section(document: Document, name: string): YAMLMap {
  const there = document.get(name, true);
  if (isMap(there) && there.items.length > 0) return there;
  const made = new YAMLMap();
  const remark = isScalar(there) || isMap(there) ? (there.commentBefore ?? there.comment) : null;
  if (remark) made.commentBefore = remark;
  document.set(name, made);
  return made;
}

function isAt(document: Document, key: string, { room }: RoomEdit): boolean {
  const of = (name: string): string => String(document.getIn(["rooms", key, name]) ?? "");
  const chat = of("telegram");
  const topic = of("topic");
  const id = chat === "" ? `slack:${of("slack")}` : `telegram:${chat}${topic && `/${topic}`}`;
  return room === roomId(id);
}

function freeName(rooms: YAMLMap, platform: string): string {
  for (let count = 1; ; count += 1) {
    if (!rooms.has(`${platform}-${count}`)) return `${platform}-${count}`;
  }
}

/** At the first colon. */
const split = (address: string): readonly string[] => {
  const at = address.indexOf(":");
  return [address.slice(0, at), address.slice(at + 1)];
};

/** A number where it is one exactly. */
const scalar = (text: string): string | number =>
  /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;

function inLine(document: Document, topics: Topics) {
  const list = document.createNode([...topics]);
  return Object.assign(list, { flow: true });
}

const told = (problems: readonly Problem[]): string =>
  problems.map(({ where, what, fix }) => `${where}: ${what}. ${fix}`).join("\n");

function write(
  path: string,
  document: Document,
  isRight: (people: People) => boolean,
): Result<null, string> {
  return replaceWhole(path, document.toString({ lineWidth: 0 }), (draft) => {
    const problems: Problem[] = [];
    const people = readPeople(draft, "you", problems);
    if (problems.length > 0) return told(problems);
    return isRight(people) ? null : "the file would not say what it should";
  });
}
