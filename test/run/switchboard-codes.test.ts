/** Codes of authenticators in the private chat of their owner: checked before anything is kept, and nowhere to be found. */
import { expect, test } from "vitest";
import { instant } from "../../src/core/kernel/time.ts";
import type { Echo } from "../../src/ports/hearer.ts";
import type { Arrival } from "../../src/ports/inbound.ts";
import { BOS, codeScene, SLACK, TELEGRAM } from "../kit/code-scene.ts";
import { memoryInbound } from "../kit/memory-inbound.ts";
import { ANA, BO, CHAT_ROOMS, CONFIRMATION, ROOMS } from "../kit/sample-desk.ts";
import { switchboardScene } from "../kit/switchboard-scene.ts";

const MINUTE = 60_000;
const RIGHT = (at: number) => ({
  ...{ verb: "code", outcome: "right", step: Math.floor(at / 30_000) },
});

test.each([
  ["Telegram", TELEGRAM, (code: string) => code],
  ["Telegram, as it is read from the app", TELEGRAM, (code: string) => code.replace(/^.../, "$& ")],
  ["Slack", SLACK, (code: string) => `/${code}`],
  ["the console", {}, (code: string) => code],
  ["a form", SLACK, (code: string) => `/code ${code}`],
])(
  "a code in the private chat of its owner is checked, and no row holds it: %s",
  async (_where, place, write) => {
    const { hear, shows, now, asked, inbound, headlines, everything } = codeScene();
    const code = shows();
    await hear(write(code), place);
    expect(asked()).toEqual([RIGHT(now())]);
    expect([...inbound.stored.values()].map(({ text }) => text)).toEqual(["[code]"]);
    expect(headlines()).toEqual([]);
    expect(everything()).not.toContain(code);
  },
);

test("a code is checked before its row is written", async () => {
  const inbound = memoryInbound();
  const { hear, shows, stepUp } = codeScene([ANA], 100, inbound);
  const seen: number[] = [];
  const { store } = inbound;
  inbound.store = (arrival) => {
    seen.push(stepUp.checks);
    return store(arrival);
  };
  await hear(shows(), TELEGRAM);
  expect(seen).toEqual([1]);
});

test("a code may name its request, and one that waits for none of theirs is not looked at", async () => {
  const { hear, shows, now, asked, stepUp, headlines } = codeScene([ANA, BO]);
  await hear(`/code ${shows()} k7qf`, TELEGRAM);
  expect(asked()).toEqual([{ ...RIGHT(now()), confirmation: CONFIRMATION.id }]);
  await hear(`/code ${shows(BO)} K7QF`, BOS);
  expect(stepUp.checks).toBe(1);
  expect(headlines()).toEqual(["Not taken: that request waits for no code of yours"]);
});

test("wrong, used and missing authenticators are refused with what to do, and no digit is repeated", async () => {
  const { hear, shows, wrong, said, board, asked, everything } = codeScene();
  const [right, bad] = [shows(), wrong()];
  await hear(bad, TELEGRAM);
  await hear(right, TELEGRAM);
  await hear(right, SLACK);
  await hear("111111", BOS);
  await hear("/code 12345", TELEGRAM);
  await hear("/code", TELEGRAM);
  expect(said.map(({ headline, lines }) => [headline, lines.at(-1)])).toEqual([
    ["Wrong code", "4 more wrong ones, and codes are locked for 15 min."],
    [
      "Not taken: that code was used or shown before",
      "Each is good once. Wait for the next one and type it here.",
    ],
    [
      "No authenticator is set up for Bo",
      "On the machine that the desk runs on: npm run claudbot -- totp enroll --person bo",
    ],
    ["/code <six digits>, in your private chat", expect.stringContaining("alone")],
    ["/code <six digits>, in your private chat", expect.stringContaining("alone")],
  ]);
  expect(board.counts().refused).toEqual({
    ...{ "wrong code": 1, "code used before": 1, "not enrolled": 1, usage: 2 },
  });
  expect(asked()).toHaveLength(1);
  for (const digits of [right, bad, "111111", "12345"]) expect(everything()).not.toContain(digits);
});

test("five wrong codes on both platforms lock codes and what raises risk, and everybody is told", async () => {
  const { hear, wrong, shows, security, headlines, verbs, time } = codeScene();
  for (const place of [TELEGRAM, SLACK, TELEGRAM, SLACK]) await hear(wrong(), place);
  expect(security()).toEqual([]);
  await hear(wrong(), SLACK);
  expect(security()).toEqual([
    { kind: "security", platform: "slack", what: "wrong-codes", count: 5, detail: "Ana" },
  ]);
  await hear(shows(), TELEGRAM);
  await hear("/resume", TELEGRAM);
  for (const headline of headlines().slice(-3)) {
    expect(headline).toBe("Not done: too many wrong codes, locked until 13:22 EST");
  }
  await hear("/pause", TELEGRAM);
  expect(verbs()).toEqual(["pause"]);
  await time.pass(15 * MINUTE);
  await hear(shows(), TELEGRAM);
  await hear("/resume", TELEGRAM);
  expect(verbs()).toEqual(["pause", "code", "resume"]);
  expect(security()).toHaveLength(1);
});

test("a recovery code stands for the authenticator once, and everybody is told", async () => {
  const { hear, stepUp, asked, security, inbound, headlines, everything } = codeScene();
  const code = stepUp.recovery(ANA);
  await hear(code.toUpperCase(), TELEGRAM);
  await hear(code, TELEGRAM);
  expect(asked()).toEqual([{ verb: "code", outcome: "right", step: null }]);
  expect(security()).toEqual([
    {
      ...{ kind: "security", platform: "telegram", what: "recovery-code", count: 1 },
      detail: "Ana used one instead of an authenticator. 9 are left.",
    },
  ]);
  expect(headlines()).toEqual(["Wrong code"]);
  expect([...inbound.stored.values()].map(({ text }) => text)).toEqual(["[code]", "[code]"]);
  expect(everything().toLowerCase()).not.toContain(code);
});

test.each([
  (code: string) => code.replaceAll("-", " "),
  (code: string) => `/code ${code.replaceAll("-", " ")}`,
  (code: string) => code.replaceAll("-", " - ").toUpperCase(),
])("a recovery code typed with blanks is taken, and stands nowhere", async (write) => {
  const { hear, stepUp, asked, inbound, isKept } = codeScene();
  const code = stepUp.recovery(ANA);
  await hear(write(code), TELEGRAM);
  expect(asked()).toEqual([{ verb: "code", outcome: "right", step: null }]);
  expect([...inbound.stored.values()].map(({ text }) => text)).toEqual(["[code]"]);
  expect(isKept(code)).toBe(false);
});

test("a message that is brought again is checked once; one from before this run, or late, is not checked", async () => {
  const { board, arrival, shows, stepUp, time, headlines, now } = codeScene();
  board.receive(arrival(shows(), { ...TELEGRAM, sentAt: instant(now() - 6_000) }));
  await time.settle();
  expect([stepUp.checks, headlines()]).toEqual([0, ["Not taken: that code arrived late"]]);
  const first = arrival(shows(), TELEGRAM);
  board.receive(first);
  board.receive(first);
  await time.settle();
  expect(stepUp.checks).toBe(1);
  await time.pass(2 * MINUTE);
  const told = "Not taken: that code arrived late";
  board.receive(arrival(shows(), { ...TELEGRAM, sentAt: instant(now() - 3 * MINUTE) }));
  board.receive(arrival(shows(), { ...TELEGRAM, sentAt: instant(now() - MINUTE - 1) }));
  await time.settle();
  expect(headlines()).toEqual([told, told, told]);
  expect(stepUp.checks).toBe(1);
});

test.each([
  ["[code]", true],
  ["/confirm K7QF [code]", true],
  ["/kill it burns [code]", false],
])(
  "what a crash left of a message with a code (%s) is not done, but for a kill",
  async (text, isRefused) => {
    const inbound = memoryInbound();
    const { board, arrival, time, headlines, verbs } = codeScene([ANA], 100, inbound);
    const left: Arrival = arrival(text, TELEGRAM);
    inbound.stored.set(left.id, left);
    await board.start();
    await time.settle();
    expect(headlines()).toEqual(
      isRefused ? ["Not done: the desk stopped while your code was on its way"] : [],
    );
    expect(verbs()).toEqual(isRefused ? [] : ["kill"]);
  },
);

test("a disk that does not answer takes no code, and says so", async () => {
  const { board, arrival, shows, time, headlines, inbound, stepUp, verbs } = codeScene();
  stepUp.hangs = true;
  board.receive(arrival(shows(), TELEGRAM));
  await time.settle();
  // Nothing is kept of a message before its code is judged.
  expect(inbound.stored.size).toBe(0);
  await time.pass(2_000);
  expect([...inbound.stored.values()].map(({ text }) => text)).toEqual(["[code]"]);
  expect(headlines()).toEqual(["Not taken: the desk cannot keep which codes were used"]);
  expect(verbs()).toEqual([]);
});

test("answers keep the order of what was said before and after a code", async () => {
  const { board, arrival, shows, verbs, time } = codeScene();
  for (const text of ["/resume", shows(), "/flatten"]) board.receive(arrival(text, TELEGRAM));
  await board.idle();
  await time.settle();
  expect(verbs()).toEqual(["resume", "code", "flatten"]);
});

test("too many numbers are met with one answer a minute, and then with silence", async () => {
  const { hear, wrong, stepUp, headlines } = codeScene([ANA], 3);
  for (let i = 0; i < 8; i += 1) await hear(wrong(), TELEGRAM);
  expect(stepUp.checks).toBe(3);
  expect(headlines().at(-1)).toBe("Not read: too many messages");
  expect(headlines()).toHaveLength(4);
});

test("the message with a code is taken away afterwards, whatever became of it", async () => {
  const { board, arrival, shows, wrong, stepUp, time } = codeScene([ANA]);
  const erased: number[] = [];
  const echo: Echo = {
    ...{ taken: () => {}, whisper: async () => false },
    erase: async () => erased.push(stepUp.checks) > 0,
  };
  for (const text of [shows(), wrong(), "/status", "100 apples"]) {
    board.receive(arrival(text, TELEGRAM), echo);
  }
  await time.settle();
  expect(erased).toHaveLength(2);
  await time.pass(MINUTE);
  board.receive(arrival(`/confirm K7QF ${shows()}`, TELEGRAM), echo);
  board.receive(arrival("654321", BOS), echo);
  await time.settle();
  expect(erased).toHaveLength(3);
});

test("without authenticators numbers are what they always were", async () => {
  const { hear, headlines, verbs } = switchboardScene(memoryInbound(), 20, () => false, {
    rooms: [...ROOMS, ...CHAT_ROOMS],
  });
  await hear("123456", TELEGRAM);
  await hear("/123456", TELEGRAM);
  expect(headlines()).toEqual(["No such command: /123456"]);
  expect(verbs()).toEqual([]);
});
