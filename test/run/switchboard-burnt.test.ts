/** Codes of authenticators where others read them: worth nothing any more, not obeyed, and nowhere to be found. */
import { expect, test } from "vitest";
import * as ids from "../../src/core/kernel/ids.ts";
import { codeScene, EXPOSED, IN_GROUP, SLACK, TELEGRAM } from "../kit/code-scene.ts";
import { ANA, BO, NOW } from "../kit/sample-desk.ts";

interface Scene {
  readonly recovery: string;
  readonly shown: string;
}

test.each([
  ["alone in a group", "{}", IN_GROUP, null],
  ["in talk of a group", "mine is {}, take it", IN_GROUP, null],
  ["with /code in a group", "/code {}", IN_GROUP, null],
  ["behind a confirmation", "/confirm K7QF {}", TELEGRAM, "Not done: /confirm had a code in it"],
  ["behind a limit", "/limits set daily-loss {}", IN_GROUP, "Not done: /limits had a code in it"],
  ["behind a word that is none", "/foo {}", SLACK, "Not done: /foo had a code in it"],
])("a code %s is burnt, masked and not obeyed", async (_where, text, place, told) => {
  const { hear, shows, asked, headlines, inbound, stepUp, everything } = codeScene();
  const code = shows();
  await hear(text.replace("{}", code), place);
  expect(asked()).toEqual([EXPOSED]);
  expect(headlines()).toEqual(told === null ? [] : [told]);
  for (const row of inbound.stored.values()) expect(row.text).toContain("[code]");
  expect(everything()).not.toContain(code);
  await hear(code, TELEGRAM);
  expect(headlines().at(-1)).toBe("Not taken: that code was used or shown before");
  expect(stepUp.checks).toBe(1);
});

const blanks = (code: string): string => code.replaceAll("-", " ");
const pairs = (code: string): string => code.replace(/(..)(..)(..)/, "$1 $2 $3");

test.each([
  ["/deny {}", (of: Scene) => blanks(of.recovery)],
  ["/pause {}", (of: Scene) => blanks(of.recovery)],
  ["/pause {} now", (of: Scene) => of.recovery.replaceAll("-", " - ")],
  ["talk among {} people", (of: Scene) => blanks(of.recovery).toUpperCase()],
  ["{}", (of: Scene) => blanks(of.recovery)],
  ["/kill alpha bravo {}", (of: Scene) => blanks(of.recovery)],
  ["/deny {}", (of: Scene) => pairs(of.shown)],
  ["/pause {}", (of: Scene) => pairs(of.shown)],
  ["/pause 12 {}", (of: Scene) => of.shown.split("").join(" ")],
  ["/pause {}", (of: Scene) => of.shown.replace(/(....)/, "$1 ")],
] as const)(
  "%s with a code in groups: it is worth nothing any more and stands nowhere",
  async (text, write) => {
    const { hear, shows, stepUp, isKept, asked, time } = codeScene();
    const code = write({ recovery: stepUp.recovery(ANA), shown: shows() });
    await hear(text.replace("{}", code), IN_GROUP);
    expect(isKept(code)).toBe(false);
    expect(asked()).toContainEqual(EXPOSED);
    expect(stepUp.isTheirs(ANA.id, stepUp.recovery(ANA), time.clock.now())).toBe(code.length < 20);
  },
);

test("a number that is no code of theirs goes through untouched", async () => {
  const { hear, asked, wrong, inbound, headlines, shows } = codeScene([ANA, BO]);
  await hear("/limits set daily-loss 100000", IN_GROUP);
  await hear(`/pause ${wrong()} is too much`, IN_GROUP);
  await hear(`/pause ${shows(BO)}`, IN_GROUP);
  await hear(`we sold ${wrong()} of them`, IN_GROUP);
  await hear(wrong(), IN_GROUP);
  expect(asked()).toMatchObject([
    { verb: "limits set", value: "100000" },
    { verb: "pause", reason: `${wrong()} is too much` },
    { verb: "pause" },
  ]);
  expect([...inbound.stored.values()][0]?.text).toBe("/limits set daily-loss 100000");
  expect(headlines()).toEqual([]);
});

test("what looks like a code and is said to the desk before others is neither checked nor kept", async () => {
  const { hear, wrong, headlines, stepUp, everything, asked, board } = codeScene();
  const code = wrong();
  for (const text of [`/${code}`, `/code ${code}`, `/code ${code}7`]) await hear(text, IN_GROUP);
  expect(headlines()).toEqual([
    "Not read: codes belong in your private chat with me",
    "Not read: codes belong in your private chat with me",
    "/code <six digits>, in your private chat",
  ]);
  expect(board.counts().refused).toEqual({ "not here": 2, usage: 1 });
  expect([stepUp.checks, asked()]).toEqual([0, []]);
  expect(everything()).not.toContain(code);
});

test.each(["kill", "pause"])(
  "/%s with a code in it is obeyed at once, without the code",
  async (word) => {
    const { board, arrival, shows, asked, time, everything, stepUp } = codeScene();
    const code = shows();
    const urgent = arrival(`/${word} it burns ${code}`, IN_GROUP);
    board.receive(urgent);
    expect(asked()).toMatchObject([{ verb: word, reason: "it burns [code]" }]);
    await time.settle();
    expect(asked().slice(1)).toEqual([EXPOSED]);
    expect(everything()).not.toContain(code);
    expect((await stepUp.check(ANA.id, code, time.clock.now())).kind).toBe("replayed");
  },
);

test.each([
  ["/deny K7QF {}", { verb: "deny", code: "K7QF" }],
  ["/deny {} K7QF", { verb: "deny", code: "K7QF" }],
  ["/suspend me {}", { verb: "suspend", person: "me" }],
  ["/stage lower {}", { verb: "stage", to: "lower" }],
  ["/stage paper {}", { verb: "stage", to: "paper" }],
])("%s is done, without the code, which is worth nothing any more", async (text, request) => {
  const { hear, shows, asked, headlines, isKept, stepUp, time } = codeScene();
  const code = shows();
  await hear(text.replace("{}", code), IN_GROUP);
  expect(asked()).toEqual(expect.arrayContaining([request, EXPOSED]));
  expect([asked().length, headlines()]).toEqual([2, []]);
  expect(isKept(code)).toBe(false);
  expect((await stepUp.check(ANA.id, code, time.clock.now())).kind).toBe("replayed");
});

test.each(["/stage raise {}", "/stage {}", "/deny {}", "/resume {}"])(
  "%s is not done: the code alone is looked after",
  async (text) => {
    const { hear, shows, asked, headlines } = codeScene();
    await hear(text.replace("{}", shows()), IN_GROUP);
    expect(asked()).toEqual([EXPOSED]);
    expect(headlines()).toEqual([expect.stringMatching(/^Not done: .* had a code in it$/)]);
  },
);

test("the engine is told of a burnt code under an id of its own", async () => {
  const { board, arrival, shows, engine, time } = codeScene();
  const kill = arrival(`/kill ${shows()}`, IN_GROUP);
  board.receive(kill);
  await time.settle();
  expect(engine.asked.map(({ by }) => by.inbound)).toEqual([kill.id, `${kill.id}:code`]);
});

test("a code in a chat that is no room of ours is burnt and told to nobody", async () => {
  const { hear, shows, asked, headlines, stepUp, inbound } = codeScene();
  const code = shows();
  await hear(code, { account: "telegram:1001", room: ids.roomId("telegram:-999") });
  expect([asked(), headlines(), inbound.stored.size]).toEqual([[], [], 0]);
  expect((await stepUp.check(ANA.id, code, NOW)).kind).toBe("replayed");
});

test("a stranger's numbers and what is turned away are never checked", async () => {
  const { hear, shows, board, stepUp, inbound, time } = codeScene();
  const room = ids.roomId("telegram:7007");
  await hear(shows(), { account: "telegram:7007", room });
  board.turnedAway("telegram", "edited");
  board.turnedAway("telegram", "forwarded");
  await time.settle();
  expect([stepUp.checks, inbound.stored.size]).toEqual([0, 0]);
});
