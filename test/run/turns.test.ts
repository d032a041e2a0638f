/** Who leaves next in a room. */
import { expect, test } from "vitest";
import { Turns } from "../../src/run/turns.ts";
import { manualTime } from "../kit/manual-time.ts";
import { NOW } from "../kit/sample-desk.ts";

test("no more than a hundred wait: the oldest of the least urgent are dropped and counted", async () => {
  const { timers, pass } = manualTime(NOW);
  const dropped: string[] = [];
  const counts: number[] = [];
  const left: string[] = [];
  let waitMs = 1000;
  const ready = (): Promise<void> => Promise.resolve();
  const turns = new Turns({ timers, ready, dropped: (many) => counts.push(many) });
  const take = (name: string, lane: "critical" | "reply"): void =>
    turns.take({
      lane,
      waitMs: () => waitMs,
      run: async () => void left.push(name),
      drop: () => dropped.push(name),
    });
  for (let n = 0; n < 60; n += 1) take(`r${n}`, "reply");
  for (let n = 0; n < 42; n += 1) take(`c${n}`, "critical");
  expect(dropped).toEqual(["r0", "r1"]);
  expect(counts).toEqual([1, 2]);
  await pass(10);
  waitMs = 0;
  await pass(1000);
  expect(left.slice(0, 2)).toEqual(["c0", "c1"]);
  expect(left.slice(42, 44)).toEqual(["r2", "r3"]);
});
