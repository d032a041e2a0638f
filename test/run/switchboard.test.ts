import { expect, test } from "vitest";
import { roomId } from "../../src/core/kernel/ids.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { Arrival } from "../../src/ports/inbound.ts";
import { memoryInbound } from "../kit/memory-inbound.ts";
import {
  ANA_TELEGRAM,
  CHAT_ROOMS,
  CONSOLE,
  GROUP,
  NOW,
  OTHER_ROOM,
  ROOMS,
  VIEW,
} from "../kit/sample-desk.ts";
import { switchboardScene } from "../kit/switchboard-scene.ts";

const minutesAgo = (minutes: number): Partial<Arrival> => {
  const sentAt = later(NOW, -minutes * 60_000);
  return { sentAt, receivedAt: sentAt };
};

test("a question is answered from the view, in the room that asked, and enters no engine", async () => {
  const { hear, said, engine, inbound } = switchboardScene();
  await hear("/status");
  expect(said).toMatchObject([
    { room: CONSOLE, headline: "RUNNING · 13:07:05 EST", dedupe: "inbound:console:t:1:answer" },
  ]);
  expect(engine.asked).toEqual([]);
  expect(inbound.outcomes.get("console:t:1")).toBe("answered");
});

test("a request carries the person's configured name, room and message", async () => {
  const { hear, engine, inbound } = switchboardScene();
  await hear("/pause odd spread", { account: "console:bo", room: OTHER_ROOM });
  expect(engine.asked).toEqual([
    {
      request: { verb: "pause", reason: "odd spread" },
      by: {
        ...{ person: "bo", name: "Bo", room: OTHER_ROOM, inbound: "console:t:1" },
        ...{ account: "console:bo", words: "/pause odd spread" },
      },
    },
  ]);
  expect(inbound.outcomes.get("console:t:1")).toBe("submitted: pause");
});

test("a request says that it was made in the asker's own private chat, and only there", async () => {
  const { hear, engine } = switchboardScene(memoryInbound(), 20, () => false, {
    rooms: [...ROOMS, ...CHAT_ROOMS],
  });
  await hear("/resume", { account: "telegram:1001", room: ANA_TELEGRAM });
  await hear("/resume", { account: "telegram:1001", room: GROUP });
  await hear("/resume", { account: "telegram:1002", room: ANA_TELEGRAM });
  expect(engine.asked.map(({ by }) => by.privately)).toEqual([true, undefined, undefined]);
});

test("a message that comes twice is obeyed once, within a run and across runs", async () => {
  const { arrival, board, time, engine, inbound } = switchboardScene();
  const twice = arrival("/resume");
  board.receive(twice);
  board.receive(twice);
  await time.settle();
  expect(engine.asked).toHaveLength(1);
  const next = switchboardScene(inbound);
  next.board.receive(twice);
  await next.time.settle();
  expect(next.engine.asked).toEqual([]);
});

test("nobody is answered or obeyed in a room that is not ours", async () => {
  const { hear, headlines, engine } = switchboardScene();
  const room = roomId("console:elsewhere");
  await hear("/kill", { room });
  await hear("/status", { room });
  await hear("/status", { room, account: "console:mallory" });
  expect(headlines()).toEqual([]);
  expect(engine.asked).toEqual([]);
});

test.each([
  ["/status", 6, "Not done: /status is 6 min old"],
  ["/resume", 2, "Not done: /resume is 2 min old"],
  ["/limits set daily-loss 160", 2, "Not done: /limits set is 2 min old"],
])("%s sent %s minutes ago is not carried out", async (text, minutes, headline) => {
  const { hear, headlines, engine } = switchboardScene();
  await hear(text, minutesAgo(minutes));
  expect(headlines()).toEqual([headline]);
  expect(engine.asked).toEqual([]);
});

test("what lowers risk is obeyed late; after ten minutes it pauses and asks", async () => {
  const { hear, headlines, engine } = switchboardScene();
  await hear("/kill", minutesAgo(9));
  await hear("/kill", minutesAgo(14));
  await hear("/deny K7QF", minutesAgo(14));
  expect(engine.asked.map(({ request }) => request)).toEqual([
    { verb: "kill", reason: "no reason given" },
    { verb: "pause", reason: "/kill arrived 14 min late" },
    { verb: "deny", code: "K7QF" },
  ]);
  expect(headlines()).toEqual(["Paused only: /kill is 14 min old"]);
});

test("a clock of the platform that runs ahead makes no message fresh for ever", async () => {
  const { hear, engine } = switchboardScene();
  await hear("/resume", { sentAt: later(NOW, 3_600_000), receivedAt: later(NOW, -120_000) });
  expect(engine.asked).toEqual([]);
});

test("a role that is not enough is told which one is needed", async () => {
  const { hear, headlines, verbs } = switchboardScene();
  await hear("/pause", { account: "console:vic" });
  await hear("/rearm", { account: "console:bo" });
  await hear("/limits set daily-loss 151", { account: "console:bo" });
  await hear("/limits set daily-loss 149", { account: "console:bo" });
  expect(headlines()).toEqual([
    "Not allowed: /pause",
    "Not allowed: /rearm",
    "Not allowed: /limits set",
  ]);
  expect(verbs()).toEqual(["limits set"]);
});

test("hostile text is refused or ignored without a trace in the engine", async () => {
  const { hear, headlines, engine } = switchboardScene();
  await hear(`/limits ${"\u202e".repeat(10_000)}`);
  await hear("/\u0000\u200b");
  await hear("just talk");
  await hear("/constructor");
  await hear("/limits set __proto__ 1");
  await hear("/foo\n/kill");
  expect(engine.asked).toEqual([]);
  expect(headlines()).toEqual([
    "Not read: too long",
    "No such command: /",
    "No such command: /constructor",
    '/limits set <key> <value> [for 4h] [because "…"]',
    "No such command: /foo",
  ]);
});

test("answers come in the order of the messages, however long each takes", async () => {
  const { hear, headlines, engine, courier, time, said } = switchboardScene();
  let derived = (): void => {};
  engine.reply = async () => 5;
  courier.derivedThrough = () =>
    new Promise((resolve) => {
      derived = () => {
        said.push({ room: CONSOLE, headline: "row of resume", lines: [], dedupe: "" });
        resolve();
      };
    });
  await hear("/resume");
  await hear("/status");
  await hear("/status", { room: OTHER_ROOM });
  expect(headlines()).toEqual(["RUNNING · 13:07:05 EST"]);
  derived();
  await time.settle();
  expect(headlines()).toEqual([
    "RUNNING · 13:07:05 EST",
    "row of resume",
    "RUNNING · 13:07:05 EST",
  ]);
});

test("rows that are never derived hold up the room for a second and a half at most", async () => {
  const { hear, headlines, courier, time } = switchboardScene();
  courier.derivedThrough = () => new Promise(() => {});
  await hear("/resume");
  await hear("/status");
  await time.pass(1600);
  expect(headlines()).toHaveLength(1);
});

test("pause and kill wait for neither the database nor the messages before them", async () => {
  const { hear, verbs, inbound, time } = switchboardScene();
  inbound.hangs = true;
  await hear("/resume");
  await hear("/kill");
  expect(verbs()).toEqual(["kill"]);
  await time.pass(1600);
  expect(verbs()).toEqual(["kill", "resume"]);
});

test("without a database messages are handled all the same, a little later", async () => {
  const { hear, headlines, inbound, time, log } = switchboardScene();
  inbound.hangs = true;
  await hear("/status");
  expect(headlines()).toEqual([]);
  await time.pass(1600);
  expect(headlines()).toHaveLength(1);
  expect(log.sentences).toContain("a message is handled without its row");
});

test("a request that grew old behind others is not carried out", async () => {
  const { hear, headlines, engine, verbs, time } = switchboardScene();
  engine.reply = () => new Promise((resolve) => time.timers.after(70_000, () => resolve(1)));
  await hear("/resume");
  await hear("/flatten");
  await time.pass(71_000);
  expect(verbs()).toEqual(["resume"]);
  expect(headlines()).toEqual(["Not done: /flatten is 70 s old"]);
});

test("the age on arrival and the wait behind others are one age", async () => {
  const { hear, headlines, engine, verbs, time } = switchboardScene();
  engine.reply = () => new Promise((resolve) => time.timers.after(59_000, () => resolve(1)));
  await hear("/resume");
  await hear("/flatten", { sentAt: later(NOW, -59_000) });
  await time.pass(60_000);
  expect(verbs()).toEqual(["resume"]);
  expect(headlines()).toEqual(["Not done: /flatten is 118 s old"]);
});

test("whoever looks for a way to stop is shown both", async () => {
  const { hear, said } = switchboardScene();
  for (const text of ["/stop", "/halt"]) await hear(text);
  expect(said.map(({ headline }) => headline)).toEqual([
    "Nothing stopped: there is no /stop",
    "Nothing stopped: there is no /halt",
  ]);
  expect(said[0]?.lines[0]).toMatch(/\/pause stops entries.*\/kill stops all/);
});

test("an old /kill is not said to have only paused when the desk is killed", async () => {
  for (const killed of [null, { at: NOW, by: null, reason: "drill" }]) {
    const view = () => ({ ...VIEW, killed });
    const { hear, headlines } = switchboardScene(memoryInbound(), 20, () => false, { view });
    await hear("/kill", minutesAgo(11));
    expect(headlines()).toEqual(killed ? [] : ["Paused only: /kill is 11 min old"]);
  }
});

test("what a crash left is handled at the next start by the same rules", async () => {
  const inbound = memoryInbound();
  const before = switchboardScene(inbound);
  await inbound.store(before.arrival("/resume", minutesAgo(5)));
  await inbound.store(before.arrival("/pause", minutesAgo(5)));
  await inbound.store(before.arrival("chatter", minutesAgo(5)));
  const { board, verbs, headlines, time } = switchboardScene(inbound);
  await board.start();
  await time.settle();
  expect(verbs()).toEqual(["pause"]);
  expect(headlines()).toEqual(["Not done: /resume is 5 min old"]);
  expect(await inbound.unfinished()).toEqual([]);
});

test("what a crash left of somebody who is not known any more is over", async () => {
  const inbound = memoryInbound();
  const { arrival, board, verbs, headlines, time } = switchboardScene(inbound);
  await inbound.store(arrival("/pause", { account: "console:gone" }));
  await inbound.store(arrival("/status", { room: roomId("console:gone") }));
  await board.start();
  await time.settle();
  expect(verbs()).toEqual([]);
  expect(headlines()).toEqual([]);
  expect(await inbound.unfinished()).toEqual([]);
});

test("more messages than a room can hold are dropped and counted, but for what lowers risk", async () => {
  const { arrival, board, time, inbound, verbs } = switchboardScene(memoryInbound(), 1000);
  inbound.hangs = true;
  for (let i = 0; i < 150; i += 1) board.receive(arrival("/status"));
  board.receive(arrival("/kill"));
  await time.settle();
  expect(board.counts().dropped).toBe(50);
  expect(verbs()).toEqual(["kill"]);
});

test("after it is closed nothing more is taken", async () => {
  const { board, hear, headlines } = switchboardScene();
  await board[Symbol.asyncDispose]();
  await hear("/status");
  expect(headlines()).toEqual([]);
});
