/** The limiter: how fast calls leave, which lane goes first, and how long each waits. */
import { expect, test } from "vitest";
import { limiter } from "../../../src/adapters/coinbase/limiter.ts";
import { handTime, START } from "./world.ts";

const each = (ms: number) => ({ urgent: ms, exit: ms, trade: ms, read: ms });

test("the rate is 10 a second after the burst, and cancels pass a queue of reads", async () => {
  const time = handTime();
  const kept = { urgent: 0, exit: 2, trade: 6, read: 9 };
  const limit = limiter({ perSecond: 10, burst: 20, kept, patienceMs: each(60_000) }, time);
  const left: string[] = [];
  for (let count = 0; count < 40; count += 1) void limit.take("read").then(() => left.push("read"));
  await time.advance(0);
  expect(left).toHaveLength(11);
  for (let count = 0; count < 3; count += 1)
    void limit.take("trade").then(() => left.push("trade"));
  for (let count = 0; count < 6; count += 1)
    void limit.take("urgent").then(() => left.push("urgent"));
  await time.advance(0);
  expect(left.slice(11)).toEqual(["trade", "trade", "trade", ...Array(6).fill("urgent")]);
  await time.advance(10_000);
  expect(left).toHaveLength(49);
});

test("a call that waits too long for its turn is given up as not sent", async () => {
  const time = handTime();
  const kept = { urgent: 0, exit: 0, trade: 0, read: 0 };
  const limit = limiter({ perSecond: 0.01, burst: 1, kept, patienceMs: each(1000) }, time);
  expect(await limit.take("read")).toBe(true);
  const second = limit.take("read");
  await time.advance(200_000);
  expect(await second).toBe(false);
});

test("each lane has its own patience: a create gives up while a read waits on", async () => {
  const time = handTime();
  const kept = { urgent: 0, exit: 0, trade: 0, read: 0 };
  const patienceMs = { ...each(15_000), trade: 2000 };
  const limit = limiter({ perSecond: 0.2, burst: 1, kept, patienceMs }, time);
  expect(await limit.take("trade")).toBe(true);
  const ends: [string, boolean, number][] = [];
  for (const pace of ["trade", "read"] as const) {
    void limit.take(pace).then((left) => ends.push([pace, left, time.clock.now() - START]));
  }
  await time.advance(10_000);
  expect(ends).toEqual([
    ["trade", false, 2000],
    ["read", true, 5000],
  ]);
});
