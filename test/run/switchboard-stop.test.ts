/** The switchboard's beginning and end: what the last run left is taken up once, and stopping has an end. */
import { expect, test } from "vitest";
import { memoryInbound } from "../kit/memory-inbound.ts";
import { switchboardScene } from "../kit/switchboard-scene.ts";

test("stopping waits three seconds at most for what is queued, and leaves the rest to the next start", async () => {
  const { board, arrival, time, courier, headlines, inbound } = switchboardScene(
    memoryInbound(),
    1000,
  );
  const answer = courier.answer;
  courier.answer = async (...of) => {
    await new Promise<void>((resolve) => time.timers.after(1500, resolve));
    await answer(...of);
  };
  for (let i = 0; i < 100; i += 1) board.receive(arrival("/status"));
  let over = false;
  void board[Symbol.asyncDispose]().then(() => {
    over = true;
  });
  await time.pass(3_000);
  expect(over).toBe(true);
  await time.pass(600_000);
  expect(headlines().length).toBeLessThan(5);
  expect(await inbound.unfinished()).toHaveLength(100 - headlines().length);
});

test("what was left and is heard again before its row is read is handled once", async () => {
  const inbound = memoryInbound();
  const { board, arrival, time, headlines } = switchboardScene(inbound);
  const left = arrival("/status");
  inbound.stored.set(left.id, left);
  const other = arrival("/status");
  board.receive(left);
  board.receive(other);
  await time.settle();
  expect(headlines()).toHaveLength(1);
  await board.start();
  board.receive(left);
  await time.settle();
  expect(headlines()).toHaveLength(2);
  expect(await inbound.unfinished()).toEqual([]);
});

test("a database that does not say what was left is asked again until it does, or until the end", async () => {
  const inbound = memoryInbound();
  const { board, arrival, time, verbs } = switchboardScene(inbound);
  const left = arrival("/pause");
  inbound.stored.set(left.id, left);
  const { unfinished } = inbound;
  let asked = 0;
  inbound.unfinished = () => {
    asked += 1;
    return asked < 3 ? new Promise(() => {}) : unfinished();
  };
  void board.start();
  await time.pass(60_000);
  expect(verbs()).toEqual([]);
  await time.pass(30_000);
  expect(verbs()).toEqual(["pause"]);
  await time.pass(600_000);
  expect(asked).toBe(3);

  const ended = switchboardScene(inbound);
  inbound.unfinished = () => {
    asked += 1;
    return Promise.reject(new Error("gone"));
  };
  await ended.board.start();
  await ended.board[Symbol.asyncDispose]();
  await ended.time.pass(600_000);
  expect(asked).toBe(4);
});
