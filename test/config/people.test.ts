/** Who may speak and where: what people.yaml grants, and everything it refuses with file and line. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { load, problemsOf, type Variables } from "./kit.ts";

const folder = mkdtempSync(join(tmpdir(), "people-"));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

function peopleFile(text: string, mode = 0o600): string {
  count += 1;
  const path = join(folder, `people-${count}.yaml`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const TOKENS: Variables = {
  TELEGRAM_BOT_TOKEN: `123456789:${"a".repeat(35)}`,
  SLACK_BOT_TOKEN: `xoxb-${"1".repeat(20)}`,
  SLACK_APP_TOKEN: `xapp-${"1".repeat(20)}`,
};
const withPeople = (text: string, mode?: number) =>
  load({ ...TOKENS, USER: "root", PEOPLE_FILE: peopleFile(text, mode) }).config;
const refusals = (text: string, mode?: number): readonly string[] =>
  problemsOf(() => withPeople(text, mode)).map(({ where, what }) => `${where}: ${what}`);

const WHOLE = `
people:
  ana: { name: Ana, role: risk, console: true, telegram: 123456789, slack: T024BE7LD/U214, hears: [incidents] }
  bo: { role: operator, telegram: 987 }
rooms:
  ops: { telegram: -1001234567890, topic: 7, hears: [incidents] }
  desk: { slack: C024BE7LR, hears: [activity] }
`;

describe("people.yaml", () => {
  test("grants accounts to people, and makes a room of every private chat", () => {
    const { people, rooms } = withPeople(WHOLE);
    expect(people).toEqual([
      {
        id: "ana",
        name: "Ana",
        role: "risk",
        accounts: ["console:local", "telegram:123456789", "slack:T024BE7LD/U214"],
      },
      { id: "bo", name: "bo", role: "operator", accounts: ["telegram:987"] },
    ]);
    expect(rooms).toEqual([
      { id: "console:local", owner: null, hears: ["incidents", "activity"] },
      { id: "telegram:123456789", owner: "ana", hears: ["incidents"] },
      { id: "slack:@U214", owner: "ana", hears: ["incidents"] },
      { id: "telegram:987", owner: "bo", hears: [] },
      { id: "telegram:-1001234567890/7", owner: null, hears: ["incidents"] },
      { id: "slack:C024BE7LR", owner: null, hears: ["activity"] },
    ]);
  });

  test("masks a shared room where it says so, and nothing that is neither true nor false", () => {
    const rooms = (masked: string) =>
      WHOLE.replace("hears: [activity] }", `hears: [activity], masked: ${masked} }`);
    expect(withPeople(rooms("true")).rooms.at(-1)).toMatchObject({ masked: true });
    expect(withPeople(rooms("false")).rooms.at(-1)).not.toHaveProperty("masked");
    expect(refusals(rooms("maybe"))).toEqual([expect.stringMatching(/masked.*"maybe"/)]);
  });

  test("that is not there leaves the console alone in charge, and says who is missing", () => {
    const { people, notes } = load({ ...TOKENS, PEOPLE_FILE: join(folder, "none.yaml") }).config;
    expect(people.map(({ id }) => id)).toEqual(["console"]);
    expect(notes.join("\n")).toMatch(
      /nobody is linked on Telegram yet: npm run claudbot -- setup telegram/,
    );
    expect(notes.join("\n")).toMatch(/nobody is linked on Slack yet/);
  });

  test("whose platform has no token speaks there no more, and that is said", () => {
    const { rooms, notes } = load({ PEOPLE_FILE: peopleFile(WHOLE) }).config;
    expect(rooms.map(({ id }) => id)).toEqual(["console:local"]);
    expect(notes.join("\n")).toMatch(/Telegram is off: TELEGRAM_BOT_TOKEN is not set/);
  });

  test.each([
    [
      "a stand-in of Telegram for anonymous admins",
      "people: { a: { role: risk, telegram: 1087968824 } }",
      /stand-in/,
    ],
    [
      "a username",
      "people: { a: { role: risk, telegram: '@ana' } }",
      /people-\d+.yaml:1 people.a.telegram: cannot be "@ana"/,
    ],
    ["a negative person", "people: { a: { role: risk, telegram: -5 } }", /cannot be "-5"/],
    [
      "a Slack user without a team",
      "people: { a: { role: risk, slack: U214 } }",
      /cannot be "U214"/,
    ],
    ["a person without a role", "people: { a: { telegram: 5 } }", /people.a.role: missing/],
    ["a role that does not exist", "people: { a: { role: root } }", /not a role/],
    [
      "one account for two people",
      "people:\n  a: { role: risk, telegram: 5 }\n  b: { role: viewer, telegram: 5 }",
      /telegram:5 stands here twice/,
    ],
    ["a room of two places", "rooms: { r: { telegram: -5, slack: C12 } }", /not one place/],
    ["a private chat as a shared room", "rooms: { r: { telegram: 5 } }", /cannot be "5"/],
    ["an unknown key", "people: { a: { role: risk, telegramm: 5 } }", /unknown key/],
    ["an unknown topic", "rooms: { r: { slack: C123, hears: [all] } }", /not a topic/],
    [
      "a name that lies about itself",
      'people: { a: { role: risk, name: "A\\u202Eb" } }',
      /people.a.name/,
    ],
    ["broken YAML", "people: [", /people-\d+\.yaml:\d/],
  ])("refuses %s", (_what, text, why) => {
    expect(refusals(text).join("\n")).toMatch(why);
  });

  test("that other accounts can change is refused: whoever writes it gives the orders", () => {
    expect(refusals(WHOLE, 0o660).join("\n")).toMatch(/can be changed by other accounts/);
  });
});
