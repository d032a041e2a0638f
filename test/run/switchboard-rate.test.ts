import { expect, test } from "vitest";
import { memoryInbound } from "../kit/memory-inbound.ts";
import { CONSOLE, OTHER_ROOM } from "../kit/sample-desk.ts";
import { switchboardScene } from "../kit/switchboard-scene.ts";

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
