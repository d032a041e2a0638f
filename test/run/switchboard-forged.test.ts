/** What a button may not do that is not bound to a request: whoever has the token of a platform's bot can make any. */
import { expect, test } from "vitest";
import { pressData } from "../../src/chat/press.ts";
import { confirmButton } from "../../src/chat/proposal.ts";
import type { Confirmation } from "../../src/core/control/request.ts";
import { memoryInbound } from "../kit/memory-inbound.ts";
import { CONFIRMATION, CONSOLE, OTHER_ROOM, VIEW } from "../kit/sample-desk.ts";
import { seal, switchboardScene } from "../kit/switchboard-scene.ts";

const PRESSED = { pressed: true } as const;
const AS_VIC = { account: "console:vic", room: OTHER_ROOM };

/** A desk whose one request may come to its end. */
function waitingScene(perMinute = 1000) {
  let pending: readonly Confirmation[] = [CONFIRMATION];
  const scene = switchboardScene(memoryInbound(), perMinute, () => false, {
    view: () => ({ ...VIEW, pending }),
  });
  const ends = (): void => {
    pending = [];
  };
  return { ...scene, ends };
}

test.each(["/resume", "/rearm", "/stage raise", "/limits set daily-loss 500", "/confirm K7QF"])(
  "a pressed %s does nothing, says how to type it, and everybody is told",
  async (line) => {
    const { hear, verbs, said, noticed, tried, time } = waitingScene();
    await hear(line, PRESSED);
    expect(verbs()).toEqual([]);
    expect(said[0]?.headline).toMatch(/^Not done: \/.+ is typed, not pressed$/);
    expect(said[0]?.lines[0]).toBe(`The button said: ${line}`);
    expect(tried).toMatchObject([{ why: "not typed" }]);
    await time.pass(61_000);
    expect(noticed).toMatchObject([
      { kind: "security", platform: "console", what: "forged-button", count: 1 },
    ]);
    await hear(line);
    expect(verbs()).toHaveLength(1);
  },
);

test("a request is answered by its own button alone, or by typing: a pressed line answers none", async () => {
  for (const line of ["/approve K7QF", "/deny K7QF"]) {
    const { hear, verbs } = waitingScene();
    await hear(line, { ...PRESSED, account: "console:bo", room: OTHER_ROOM });
    expect(verbs(), line).toEqual([]);
  }
  const { hear, verbs } = waitingScene();
  await hear(pressData(confirmButton(CONFIRMATION), seal), PRESSED);
  expect(verbs()).toEqual(["confirm"]);
});

test("what reads, stops, lowers or sells is pressed as it is typed", async () => {
  const { hear, verbs, headlines } = waitingScene();
  await hear("/status", PRESSED);
  for (const line of [
    "/limits set daily-loss 100",
    "/flatten",
    "/stage lower",
    "/pause",
    "/kill",
  ]) {
    await hear(line, PRESSED);
  }
  expect(verbs()).toEqual(["limits set", "flatten", "stage", "pause", "kill"]);
  expect(headlines().join()).not.toContain("Not done");
});

test("a press that a crash left is a press still", async () => {
  const inbound = memoryInbound();
  const { board, arrival, time, verbs } = switchboardScene(inbound);
  await inbound.store(arrival("/resume", PRESSED));
  await board.start();
  await time.settle();
  expect(verbs()).toEqual([]);
});

test("refusals of what would lower risk count against the rate like all others", async () => {
  const { hear, headlines } = waitingScene(3);
  for (let i = 0; i < 20; i += 1) await hear("/stage lower", AS_VIC);
  for (let i = 0; i < 20; i += 1) await hear("/suspend bo", AS_VIC);
  expect(headlines()).toHaveLength(4);
  expect(headlines().at(-1)).toBe("Not read: too many messages");
});

test("whoever may lower risk may do it as often as they like", async () => {
  const { hear, verbs } = waitingScene(3);
  for (let i = 0; i < 20; i += 1) await hear("/limits set daily-loss 100");
  expect(verbs()).toHaveLength(20);
});

test("what lowers risk and finds no place in a full room is told so, once a minute", async () => {
  const scene = switchboardScene(memoryInbound(), 1000);
  const { board, arrival, time, engine, headlines } = scene;
  engine.reply = () => new Promise((resolve) => time.timers.after(70_000, () => resolve(1)));
  for (let i = 0; i < 100; i += 1) board.receive(arrival("/limits set daily-loss 100"));
  for (let i = 0; i < 5; i += 1) board.receive(arrival("/deny K7QF"));
  for (let i = 0; i < 5; i += 1) board.receive(arrival("/status"));
  await time.settle();
  expect(board.counts().dropped).toBe(10);
  expect(headlines()).toEqual(["Not read: too much waits here"]);
  expect(scene.said[0]?.room).toBe(CONSOLE);
});

test("the code of a request that just ended is over, not wrong: five of them lock nobody", async () => {
  const { hear, ends, headlines, noticed, verbs } = waitingScene();
  await hear("/status");
  ends();
  for (let i = 0; i < 6; i += 1) {
    await hear("/confirm K7QF");
    await hear("/approve k7qf", { account: "slack:T1/UANA", room: CONSOLE });
  }
  expect(headlines().slice(1)).toEqual(Array(12).fill("That request is over"));
  expect([noticed, verbs()]).toEqual([[], []]);
  for (let i = 0; i < 5; i += 1) await hear("/confirm ZZZZ");
  expect(noticed).toMatchObject([{ what: "wrong-codes" }]);
});

test("the code of a request that was replaced is answered so, and is no wrong one", async () => {
  const pending = [{ ...CONFIRMATION, replaces: "CEMW" }];
  const scene = switchboardScene(memoryInbound(), 1000, () => false, {
    view: () => ({ ...VIEW, pending }),
  });
  for (let i = 0; i < 6; i += 1) await scene.hear("/confirm cemw");
  expect(scene.headlines()).toEqual(Array(6).fill("That request was replaced"));
  expect([scene.noticed, scene.verbs()]).toEqual([[], []]);
});

test("a code that nobody was shown in between is known when it ends: it was seen as it was asked for", async () => {
  let pending: readonly Confirmation[] = [];
  const scene = switchboardScene(memoryInbound(), 1000, () => false, {
    view: () => ({ ...VIEW, pending }),
  });
  scene.engine.reply = async () => {
    pending = [CONFIRMATION];
    return 1;
  };
  await scene.hear("/resume");
  pending = [];
  await scene.hear("/confirm K7QF");
  expect(scene.headlines().at(-1)).toBe("That request is over");
});

test("the ladder is read for five minutes like any question", async () => {
  const { hear, headlines, arrival } = waitingScene();
  const { sentAt } = arrival("");
  await hear("/stage", { sentAt: (sentAt - 240_000) as typeof sentAt });
  expect(headlines()[0]).not.toMatch(/Not done/);
});
