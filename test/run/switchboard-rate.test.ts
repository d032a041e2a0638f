/** How often and how late somebody may speak. */
import { expect, test } from "vitest";
import { orderId } from "../../src/core/kernel/ids.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { Arrival } from "../../src/ports/inbound.ts";
import { memoryInbound } from "../kit/memory-inbound.ts";
import { CONSOLE, NOW, OTHER_ROOM, VIEW } from "../kit/sample-desk.ts";
import { switchboardScene } from "../kit/switchboard-scene.ts";

const minutesAgo = (minutes: number): Partial<Arrival> => {
  const sentAt = later(NOW, -minutes * 60_000);
  return { sentAt, receivedAt: sentAt };
};

test("a flood is answered so many times a minute, counted once a minute, and never stops a kill", async () => {
  const { hear, headlines, verbs, time, board } = switchboardScene(memoryInbound(), 3);
  for (let i = 0; i < 50; i += 1) await hear(i % 2 === 0 ? "/status" : "/nonsense");
  expect(headlines()).toHaveLength(4);
  expect(headlines()[3]).toBe("Not read: too many messages");
  for (let i = 0; i < 5; i += 1) await hear("/kill");
  expect(verbs()).toEqual(Array(5).fill("kill"));
  await time.pass(61_000);
  expect(headlines().slice(4)).toEqual(["Not read: 46 more messages of the last minute"]);
  await hear("/status");
  expect(headlines()).toHaveLength(6);
  await time.pass(600_000);
  expect(headlines()).toHaveLength(6);
  for (let i = 0; i < 9; i += 1) await hear("/status");
  await board[Symbol.asyncDispose]();
  await time.pass(600_000);
  expect(headlines()).toHaveLength(10);
});

test("at the operator's own terminal no line of a script is lost", async () => {
  const { hear, headlines } = switchboardScene(memoryInbound(), 3, (room) => room === CONSOLE);
  for (let i = 0; i < 50; i += 1) await hear("/status");
  expect(headlines()).toEqual(Array(50).fill("RUNNING · 13:07:05 EST"));
  for (let i = 0; i < 50; i += 1) await hear("/status", { room: OTHER_ROOM });
  expect(headlines()).toHaveLength(54);
});

test("a cap is lowered at any age, and after ten minutes it pauses and asks; a raise must be fresh", async () => {
  const { hear, headlines, engine, time } = switchboardScene();
  await hear("/limits set daily-loss 100", minutesAgo(9));
  await hear("/limits set daily-loss 160", minutesAgo(2));
  await hear("/limits set daily-loss 100", minutesAgo(14));
  expect(engine.asked.map(({ request }) => request)).toEqual([
    { verb: "limits set", key: "portfolio.max_daily_loss_usd", value: "100" },
    { verb: "pause", reason: "/limits set arrived 14 min late" },
  ]);
  expect(headlines()).toEqual([
    "Not done: /limits set is 2 min old",
    "Paused only: /limits set is 14 min old",
  ]);
  engine.reply = () => new Promise((resolve) => time.timers.after(70_000, () => resolve(1)));
  await hear("/resume");
  await hear("/limits set daily-loss 90");
  await time.pass(71_000);
  expect(engine.asked.at(-1)?.request).toMatchObject({ verb: "limits set", value: "90" });
});

test("an exit is cancelled only while that is fresh, an entry for ten minutes, and then the desk pauses and asks", async () => {
  const [order] = VIEW.orders;
  if (!order) throw new Error("the sample desk has an order");
  const orders = [
    { ...order, id: orderId("deskname-an-entry-aaaa"), purpose: "entry" as const },
    { ...order, id: orderId("deskname-a-stop-bbbb"), purpose: "stop" as const },
    { ...order, id: orderId("deskname-an-entry-cccc"), purpose: "entry" as const },
    { ...order, id: orderId("deskname-a-take-xcccc"), purpose: "take" as const },
  ];
  const view = () => ({ ...VIEW, orders });
  const { hear, headlines, engine } = switchboardScene(memoryInbound(), 20, () => false, { view });
  await hear("/cancel aaaa", minutesAgo(9));
  for (const name of ["bbbb", "cccc"]) await hear(`/cancel ${name}`, minutesAgo(9));
  await hear("/cancel aaaa", minutesAgo(11));
  await hear("/cancel bbbb");
  expect(engine.asked.map(({ request }) => request)).toMatchObject([
    { verb: "cancel", order: "aaaa" },
    { verb: "pause" },
    { verb: "cancel", order: "bbbb" },
  ]);
  expect(headlines()).toEqual([
    ...Array(2).fill("Not done: /cancel is 9 min old"),
    "Paused only: /cancel is 11 min old",
  ]);
});

test("an order that the desk does not know is no exit: the engine is asked, which cancels nothing", async () => {
  const { hear, headlines, engine } = switchboardScene();
  await hear("/cancel dddd", minutesAgo(9));
  expect(engine.asked.map(({ request }) => request)).toEqual([{ verb: "cancel", order: "dddd" }]);
  expect(headlines()).toEqual([]);
  await hear("/cancel dddd", minutesAgo(11));
  expect(headlines()).toEqual(["Paused only: /cancel is 11 min old"]);
});
