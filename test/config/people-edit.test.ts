/** Writing people.yaml: what is asked for and nothing else, comments kept, whole or not at all. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Problem } from "../../src/config/errors.ts";
import { readPeople } from "../../src/config/people.ts";
import { addRoom, linkPerson, type PersonEdit } from "../../src/config/people-edit.ts";
import { replaceWhole } from "../../src/config/replace-whole.ts";
import { personId, roomId } from "../../src/core/kernel/ids.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "people-edit-"));
  path = join(folder, "people.yaml");
});
afterEach(() => rmSync(folder, { recursive: true }));

const edit = (id: string, over: Partial<PersonEdit> = {}): PersonEdit => ({
  ...{ id: personId(id), name: null, usualName: id.toUpperCase(), role: null, hears: null },
  ...{ sitsHere: true },
  ...{ account: "telegram:4711", replace: false },
  ...over,
});
const text = (): string => readFileSync(path, "utf8");
const put = (yaml: string): void => writeFileSync(path, yaml, { mode: 0o600 });

function found() {
  const problems: Problem[] = [];
  const { people, rooms } = readPeople(path, "you", problems);
  expect(problems).toEqual([]);
  return { people, rooms };
}

const COMMENTED = `# top

people:
  # the boss
  zoe: { name: Zoe, role: risk, console: true } # here
  bo:
    role: viewer # only looks
    telegram: 987
# rooms now
rooms:
  ops: { telegram: -1001234567890, topic: 7, hears: [ incidents ] } # keep
`;

describe("the console", () => {
  test("becomes the first person's who sits at it, and nobody else's", () => {
    linkPerson(path, edit("vic", { sitsHere: false }));
    expect(found().people.map(({ id, accounts }) => [id, accounts])).toEqual([
      ["console", ["console:local"]],
      ["vic", ["telegram:4711"]],
    ]);
  });

  test("does not become that of somebody below the role risk", () => {
    linkPerson(path, edit("vic", { role: "viewer" }));
    expect(found().people[0]).toMatchObject({ id: "console", role: "risk" });
  });
});

describe("linking a person", () => {
  test("makes file and folder for this account alone, and gives the first person everything", () => {
    path = join(folder, "deep", "er", "people.yaml");
    const linked = linkPerson(path, edit("ana"));
    expect(linked).toMatchObject({ ok: true, value: { isFirst: true, isNew: true } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "deep")).mode & 0o777).toBe(0o700);
    expect(found()).toEqual({
      people: [
        { id: "ana", name: "ANA", role: "risk", accounts: ["console:local", "telegram:4711"] },
      ],
      rooms: [
        { id: "console:local", owner: null, hears: ["incidents", "activity"] },
        { id: "telegram:4711", owner: "ana", hears: ["incidents", "activity"] },
      ],
    });
  });

  test("adds the next person below, as an operator who is told nothing unasked", () => {
    put(COMMENTED);
    linkPerson(path, edit("ana"));
    expect(text()).toBe(
      COMMENTED.replace(
        "# rooms now",
        "  ana:\n    name: ANA\n    role: operator\n    telegram: 4711\n    hears: []\n# rooms now",
      ),
    );
  });

  test("keeps every comment and the order, and adds one line to a person who is there", () => {
    put(COMMENTED);
    expect(linkPerson(path, edit("bo", { account: "slack:T0X/U0Y" })).ok).toBe(true);
    expect(text()).toBe(
      COMMENTED.replace("telegram: 987\n", "telegram: 987\n    slack: T0X/U0Y\n"),
    );
  });

  test("makes a file that others could read private", () => {
    put(COMMENTED);
    chmodSync(path, 0o644);
    linkPerson(path, edit("ana"));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("changes name, role and topics of somebody who is there only when told", () => {
    put(COMMENTED);
    linkPerson(path, edit("bo", { account: "slack:T0X/U0Y" }));
    expect(found().people[1]).toMatchObject({ name: "bo", role: "viewer" });
    linkPerson(
      path,
      edit("bo", { account: "slack:T0X/U0Y", name: "Bo", role: "risk", hears: ["activity"] }),
    );
    expect(found().people[1]).toMatchObject({ name: "Bo", role: "risk" });
    expect(found().rooms.find(({ id }) => id === "slack:@U0Y")?.hears).toEqual(["activity"]);
    expect(text()).toContain("# only looks");
  });

  test.each([
    ["belongs to somebody else", "zoe", "telegram:987", /belongs to bo \(bo\); --replace moves it/],
    ["would be a second one there", "bo", "telegram:5", /bo \(bo\) has another account there/],
  ])("refuses an account that %s, and writes nothing", (_what, id, account, why) => {
    put(COMMENTED);
    const linked = linkPerson(path, edit(id, { account }));
    expect(linked.ok ? "" : linked.error).toMatch(why);
    expect(text()).toBe(COMMENTED);
  });

  test("moves an account when told to, and the one who had it has it no more", () => {
    put(COMMENTED);
    const linked = linkPerson(path, edit("zoe", { account: "telegram:987", replace: true }));
    expect(linked).toMatchObject({ ok: true, value: { movedFrom: { id: "bo" } } });
    expect(found().people.map(({ id, accounts }) => [id, accounts])).toEqual([
      ["zoe", ["console:local", "telegram:987"]],
      ["bo", []],
    ]);
  });

  test("linking the same account again changes nothing", () => {
    put(COMMENTED);
    expect(linkPerson(path, edit("bo", { account: "telegram:987" })).ok).toBe(true);
    expect(text()).toBe(COMMENTED);
  });

  test("fills sections that stand there empty", () => {
    put("people: {} # nobody yet\nrooms:\n");
    linkPerson(path, edit("ana"));
    expect(text()).toContain("# nobody yet");
    expect(found().people).toHaveLength(1);
  });

  test("follows a link to where the file really lies", () => {
    const real = join(folder, "real.yaml");
    writeFileSync(real, COMMENTED, { mode: 0o600 });
    symlinkSync(real, path);
    linkPerson(path, edit("ana"));
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, "utf8")).toContain("ana:");
  });
});

describe("a file that would not be right", () => {
  test("is not begun on when it is wrong already", () => {
    const broken = "people: { a: { role: king } }\n";
    put(broken);
    const linked = linkPerson(path, edit("ana"));
    expect(linked.ok ? "" : linked.error).toMatch(/people.yaml:1 people.a.role: not a role/);
    expect(text()).toBe(broken);
  });

  test("leaves the old one when the desk could not read it back, and no draft beside it", () => {
    put(COMMENTED);
    const linked = linkPerson(path, edit("ana", { name: "A\u202eB" }));
    expect(linked.ok ? "" : linked.error).toMatch(
      /was left as it is: people.yaml:\d+ people.ana.name: cannot be/,
    );
    expect(text()).toBe(COMMENTED);
    expect(readdirSync(folder)).toEqual(["people.yaml"]);
  });

  test("leaves the old one when whoever looks at the draft objects, whole and unopened", () => {
    put(COMMENTED);
    const inode = statSync(path).ino;
    const seen: string[] = [];
    const replaced = replaceWhole(path, "new", (draft) => {
      seen.push(readFileSync(draft, "utf8"), (statSync(draft).mode & 0o777).toString(8), text());
      return "no";
    });
    expect(replaced.ok).toBe(false);
    expect(seen).toEqual(["new", "600", COMMENTED]);
    expect(statSync(path).ino).toBe(inode);
    expect(readdirSync(folder)).toEqual(["people.yaml"]);
  });

  test("is not written where a folder stands in its place, and that is said in a line", () => {
    mkdirSync(path);
    const replaced = replaceWhole(path, "new", () => null);
    expect(replaced.ok ? "" : replaced.error).toMatch(/cannot be written \(E[A-Z]+\)/);
    expect(readdirSync(folder)).toEqual(["people.yaml"]);
  });
});

describe("adding a room", () => {
  const topic = roomId("telegram:-1001234567890/9");

  test("puts it below the others, with the first free name", () => {
    put(COMMENTED);
    expect(addRoom(path, { room: topic, name: null, hears: null })).toEqual({
      ok: true,
      value: { name: "telegram-1", hears: ["incidents", "activity"], isNew: true },
    });
    expect(text()).toBe(
      `${COMMENTED}  telegram-1:\n    telegram: -1001234567890\n    topic: 9\n    hears: [ incidents, activity ]\n`,
    );
    expect(found().rooms.at(-1)?.id).toBe(topic);
  });

  test("that is there already changes what it is told, and only when asked to", () => {
    put(COMMENTED);
    const room = roomId("telegram:-1001234567890/7");
    expect(addRoom(path, { room, name: "other", hears: null })).toMatchObject({
      value: { name: "ops", hears: ["incidents"], isNew: false },
    });
    expect(text()).toBe(COMMENTED);
    addRoom(path, { room, name: null, hears: [] });
    expect(text()).toBe(COMMENTED.replace("[ incidents ]", "[]"));
  });

  test("under a name that another place has is refused", () => {
    put(COMMENTED);
    const added = addRoom(path, { room: roomId("slack:C0123"), name: "ops", hears: null });
    expect(added.ok ? "" : added.error).toMatch(/a room called ops is there already/);
    expect(text()).toBe(COMMENTED);
  });
});
