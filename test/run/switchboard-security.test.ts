import { expect, test } from "vitest";
import type { Card } from "../../src/chat/card.ts";
import type { Confirmation } from "../../src/core/control/request.ts";
import * as ids from "../../src/core/kernel/ids.ts";
import type { Echo } from "../../src/ports/hearer.ts";
import { memoryInbound } from "../kit/memory-inbound.ts";
import {
  BTC,
  CHAT_ROOMS,
  CONFIRMATION,
  GROUP,
  OTHER_ROOM,
  ROOMS,
  VIEW,
} from "../kit/sample-desk.ts";
import { seal, switchboardScene } from "../kit/switchboard-scene.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** What a stranger is told in a chat of their own. */
function greeting() {
  const told: string[] = [];
  const echo: Echo = {
    taken: () => {},
    whisper: async () => false,
    reply: async (card: Card) => {
      told.push(`${card.headline}. ${card.lines.join(" ")}`);
      return true;
    },
  };
  return { echo, told };
}

const STRANGER = { account: "telegram:7007", room: ids.roomId("telegram:7007") };

test("a stranger's private /start is told its own id once a day, beside the outbox", async () => {
  const { board, arrival, time, headlines, inbound, engine } = switchboardScene();
  const { echo, told } = greeting();
  for (const text of ["/start", "/start", "/start from-a-link", "/kill", "/help", "hello"]) {
    board.receive(arrival(text, STRANGER), echo);
  }
  await time.settle();
  expect(told).toEqual([
    "Your id here is 7007. You are not known here. Whoever runs this can add that id.",
  ]);
  await time.pass(DAY - 1);
  board.receive(arrival("/start", STRANGER), echo);
  await time.pass(1);
  expect(told).toHaveLength(1);
  board.receive(arrival("/start", STRANGER), echo);
  await time.settle();
  expect(told).toHaveLength(2);
  expect(headlines()).toEqual([]);
  expect(inbound.stored.size).toBe(0);
  expect(engine.asked).toEqual([]);
});

test("on Slack the id holds the workspace too", async () => {
  const { board, arrival, time } = switchboardScene();
  const { echo, told } = greeting();
  const place = { account: "slack:T1/U7", room: ids.roomId("slack:@U7") };
  board.receive(arrival("/start", place), echo);
  await time.settle();
  expect(told[0]).toContain("Your id here is T1/U7.");
});

test.each([
  ["in a group of ours", { ...STRANGER, room: GROUP }],
  ["in a group that is not ours", { ...STRANGER, room: ids.roomId("telegram:-5") }],
  ["in somebody else's private chat", { ...STRANGER, room: ids.roomId("telegram:1001") }],
  ["in a topic", { ...STRANGER, room: ids.roomId("telegram:7007/3") }],
  ["in a Slack channel", { account: "slack:T1/U7", room: ids.roomId("slack:C7") }],
  ["in another's Slack messages", { account: "slack:T1/U7", room: ids.roomId("slack:@U8") }],
])("a stranger's /start %s is met with silence", async (_where, place) => {
  const { board, arrival, time, headlines } = switchboardScene(memoryInbound(), 20, () => false, {
    rooms: [...ROOMS, ...CHAT_ROOMS],
  });
  const { echo, told } = greeting();
  board.receive(arrival("/start", place), echo);
  board.receive(arrival("/start", place));
  await time.settle();
  expect(told).toEqual([]);
  expect(headlines()).toEqual([]);
});

test("a platform that cannot reply to a stranger, or fails to, harms nothing", async () => {
  const { board, arrival, time, headlines } = switchboardScene();
  const { echo } = greeting();
  board.receive(arrival("/start", STRANGER), { taken: echo.taken, whisper: echo.whisper });
  const other = { account: "telegram:8", room: ids.roomId("telegram:8") };
  board.receive(arrival("/start", other), {
    ...echo,
    reply: () => {
      throw new Error("a bug");
    },
  });
  await time.pass(5_000);
  expect(headlines()).toEqual([]);
});

test("strangers are counted in memory and summed up once a minute, with three of their ids", async () => {
  const { board, arrival, time, noticed, inbound } = switchboardScene();
  for (let i = 0; i < 14; i += 1) {
    board.receive(arrival("/status", { account: `telegram:${900 + (i % 5)}`, room: GROUP }));
  }
  board.receive(arrival("/status", { account: "slack:T9/U9", room: ids.roomId("slack:C1") }));
  board.receive(arrival("just talk", { account: "telegram:999", room: GROUP }));
  await time.pass(MINUTE - 1);
  expect(noticed).toEqual([]);
  await time.pass(1);
  const security = { kind: "security", what: "strangers" } as const;
  expect(noticed).toEqual([
    { ...security, platform: "telegram", count: 14, detail: "900, 901, 902 and others" },
    { ...security, platform: "slack", count: 1, detail: "T9/U9" },
  ]);
  await time.pass(10 * MINUTE);
  expect(noticed).toHaveLength(2);
  board.receive(arrival("/kill", { account: "telegram:900" }));
  await time.pass(MINUTE);
  expect(noticed[2]).toEqual({ ...security, platform: "telegram", count: 1, detail: "900" });
  expect(board.counts().strangers).toBe(16);
  expect(inbound.stored.size).toBe(0);
});

test("what must not be obeyed is counted by platform and origin, never stored or answered", async () => {
  const { board, time, noticed, headlines, inbound } = switchboardScene();
  for (let i = 0; i < 3; i += 1) board.turnedAway("telegram", "forwarded");
  for (let i = 0; i < 4; i += 1) board.turnedAway("telegram", "bot");
  board.turnedAway("slack", "foreign-team");
  await time.pass(MINUTE);
  const security = { kind: "security", what: "turned-away" } as const;
  expect(noticed).toEqual([
    { ...security, platform: "telegram", count: 7, detail: "forwarded 3, bot 4" },
    { ...security, platform: "slack", count: 1, detail: "foreign-team 1" },
  ]);
  expect(board.counts().turnedAway).toEqual({
    "telegram:forwarded": 3,
    "telegram:bot": 4,
    "slack:foreign-team": 1,
  });
  expect(headlines()).toEqual([]);
  expect(inbound.stored.size).toBe(0);
  board.turnedAway("telegram", "bot");
  await board[Symbol.asyncDispose]();
  board.turnedAway("telegram", "bot");
  await time.pass(10 * MINUTE);
  expect(noticed).toHaveLength(2);
  expect(board.counts().turnedAway["telegram:bot"]).toBe(5);
});

test("refusals are counted by what was wrong", async () => {
  const { hear, board } = switchboardScene(memoryInbound(), 4);
  for (const text of ["/nonsense", "/foo", "/confirm", "/status", "/status", "/status"]) {
    await hear(text);
  }
  await hear("/pause", { account: "console:vic" });
  expect(board.counts().refused).toEqual({
    "unknown word": 2,
    usage: 1,
    "too many": 1,
    role: 1,
  });
});

/** Bo, who asked for nothing. */
const BO = { account: "console:bo", room: OTHER_ROOM } as const;
const LOCKED = /^Not done: too many wrong codes, locked until 13:\d\d EST$/;

test("five wrong codes within a quarter of an hour lock what is risky, and everybody is told", async () => {
  const { hear, headlines, verbs, noticed, time } = switchboardScene();
  for (let i = 0; i < 4; i += 1) await hear(`/confirm ZZZ${i + 3}`, BO);
  expect(verbs()).toEqual(Array(4).fill("confirm"));
  expect(noticed).toEqual([]);
  await hear("/confirm ZZZZ", BO);
  expect(headlines()).toEqual(["Not done: too many wrong codes, locked until 13:22 EST"]);
  expect(noticed).toEqual([
    { kind: "security", platform: "console", what: "wrong-codes", count: 5, detail: "Bo" },
  ]);
  for (const text of ["/resume", "/confirm YYYY", "/limits set daily-loss 151"]) {
    await hear(text, BO);
    expect(headlines().at(-1)).toMatch(LOCKED);
  }
  expect(verbs()).toHaveLength(4);
  await hear("/status", BO);
  expect(headlines().at(-1)).toContain("RUNNING");
  const lowering = [
    "/deny K7QF",
    "/pause",
    "/kill",
    "/flatten",
    "/cancel abcd12",
    "/limits set daily-loss 1",
  ];
  for (const text of lowering) await hear(text, BO);
  expect(verbs().slice(4)).toEqual(["deny", "pause", "kill", "flatten", "cancel", "limits set"]);
  await hear("/resume");
  expect(verbs().at(-1)).toBe("resume");
  await time.pass(15 * MINUTE);
  await hear("/resume", BO);
  expect(verbs().slice(-2)).toEqual(["resume", "resume"]);
  expect(noticed).toHaveLength(1);
});

test("the code of somebody else's request is a wrong code; one's own never is, however often", async () => {
  const { hear, verbs, noticed, headlines } = switchboardScene(memoryInbound(), 100);
  for (let i = 0; i < 8; i += 1) await hear("/confirm k7 qf");
  for (let i = 0; i < 8; i += 1) await hear(`c1.${seal(CONFIRMATION.id, "confirm")}.c`);
  expect(noticed).toEqual([]);
  expect(verbs()).toEqual(Array(16).fill("confirm"));
  for (let i = 0; i < 5; i += 1) await hear("/confirm K7QF", BO);
  expect(noticed).toHaveLength(1);
  expect(headlines().at(-1)).toMatch(LOCKED);
});

test("whoever is locked confirms their own sale, and no other request of theirs", async () => {
  const by = { ...CONFIRMATION.by, person: ids.personId("bo"), name: "Bo", room: OTHER_ROOM };
  const sale: Confirmation = {
    ...CONFIRMATION,
    by,
    code: "SALE",
    proposal: { verb: "flatten", products: [BTC] },
  };
  const id = ids.confirmationId("c0ffee01");
  const resume: Confirmation = { ...sale, id, code: "AGAN", proposal: { verb: "resume" } };
  const view = () => ({ ...VIEW, pending: [sale, resume] });
  const { hear, verbs, headlines } = switchboardScene(memoryInbound(), 100, () => false, { view });
  for (let i = 0; i < 5; i += 1) await hear("/confirm ZZZZ", BO);
  await hear("/confirm AGAN", BO);
  await hear(`c1.${seal(id, "confirm")}.c`, BO);
  expect(
    headlines()
      .slice(-2)
      .every((headline) => LOCKED.test(headline)),
  ).toBe(true);
  expect(verbs()).toHaveLength(4);
  await hear("/confirm SALE", BO);
  await hear(`c1.${seal(sale.id, "confirm")}.c`, BO);
  expect(verbs().slice(4)).toEqual(["confirm", "confirm"]);
});

test("pressing somebody else's button guesses nothing, however often", async () => {
  const { hear, noticed, verbs } = switchboardScene(memoryInbound(), 100);
  for (let i = 0; i < 9; i += 1) await hear(`c1.${seal(CONFIRMATION.id, "confirm")}.c`, BO);
  expect(noticed).toEqual([]);
  await hear("/resume", BO);
  expect(verbs()).toEqual(["resume"]);
});

test("old buttons and wrong codes spread over time lock nobody", async () => {
  const view = () => ({ ...VIEW, pending: [] });
  const { hear, noticed, time } = switchboardScene(memoryInbound(), 100, () => false, { view });
  for (let i = 0; i < 9; i += 1) await hear(`c1.${seal(CONFIRMATION.id, "confirm")}.c`, BO);
  for (let i = 0; i < 9; i += 1) {
    await hear("/confirm ZZZZ", BO);
    await time.pass(4 * MINUTE);
  }
  expect(noticed).toEqual([]);
});
