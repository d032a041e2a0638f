/** The database is away for long: the desk is told and goes on, cancels leave, and what waits in memory has a bound. */
import { expect, test } from "vitest";
import type { EventBody } from "../../src/core/engine/event.ts";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { UNWRITTEN_BOUND, UNWRITTEN_MS, UNWRITTEN_NEAR } from "../../src/run/outage.ts";
import { createQueue } from "../../src/run/write-queue.ts";
import { NOW, paused } from "../kit/sample-desk.ts";
import { CANCEL, KILLED, LONGEST_RETRY_MS, place, writerBench } from "../kit/writer-bench.ts";

const DAY_MS = 86_400_000;
const BROKE: EventBody = { kind: "feed.broke", stream: "market", cause: "test" };
const many = (count: number): EventBody[] => Array.from({ length: count }, () => BROKE);

test("by time alone an outage never stops the desk: it is told once after two minutes, and no order leaves", async () => {
  const { write, down, told, fatal, released } = writerBench();
  write([place("a")]);
  await down(UNWRITTEN_MS - 1000);
  expect(told).toEqual([]);
  await down(1000);
  expect(told).toEqual(["failing: none for 120 s (no answer)"]);
  await down(1_800_000);
  expect([told.length, fatal, released]).toEqual([1, [], []]);
});

test("a database that neither takes nor refuses is told of all the same", async () => {
  const { write, told, time, asked } = writerBench();
  write([], [BROKE]);
  await time.pass(UNWRITTEN_MS);
  expect([asked.length, told]).toEqual([1, ["failing: none for 120 s (no answer)"]]);
});

test("a database that is slow and takes what it is asked in the end is no outage, and holds up no cancel", async () => {
  const { write, told, time, asked, released, durable } = writerBench();
  for (let i = 0; i < 40; i += 1) {
    write([CANCEL], [paused()]);
    await time.settle();
    expect(released).toHaveLength(i + 1);
    await time.pass(5000);
    await asked.at(-1)?.answer(ok(undefined));
  }
  expect([told, durable.length]).toEqual([[], 40]);
});

test("a kill in the third hour of an outage cancels at once, with its line on disk", async () => {
  const { write, down, time, released, lines, durable } = writerBench();
  write([place("a")], [BROKE]);
  await down(3 * 3_600_000);
  write([CANCEL], [KILLED]);
  await time.settle();
  expect([released, lines.length, durable]).toEqual([["cancel"], 1, []]);
});

test("when the database is back all goes down in order, in pieces that it can take in time, and the desk is told", async () => {
  const { write, down, up, asked, released, durable, told, writer } = writerBench();
  write([place("a")]);
  await down(UNWRITTEN_MS + 60_000);
  for (let i = 0; i < 2500; i += 1) write(i === 2499 ? [place("z")] : [], [BROKE]);
  await down(LONGEST_RETRY_MS);
  const [refused, flushed] = [asked.length, writer.flush(60_000)];
  await up();
  expect(await flushed).toBe(true);
  expect(durable).toEqual(Array.from({ length: 2501 }, (_, index) => index + 1));
  const sizes = asked.slice(refused - 1).map(({ events }) => events.length);
  expect(sizes).toEqual([1000, 1000, 501]);
  expect(released).toEqual(["a", "z"]);
  expect(told.map((words) => words.split(":")[0])).toEqual(["failing", "over"]);
});

test("a second outage is told like the first", async () => {
  const { write, down, up, told } = writerBench();
  for (let i = 0; i < 2; i += 1) {
    write([], [BROKE]);
    await down(UNWRITTEN_MS + LONGEST_RETRY_MS);
    await up();
  }
  expect(told.map((words) => words.split(":")[0])).toEqual(["failing", "over", "failing", "over"]);
});

test("what brings no events takes no place in memory, however often it is asked for", () => {
  const queue = createQueue();
  for (let i = 0; i < 1000; i += 1) {
    queue.push({ outcome: { events: [], effects: [CANCEL] }, durable: undefined, at: NOW });
  }
  expect(queue.isEmpty).toBe(true);
  queue.push({ outcome: { events: [], effects: [] }, durable: () => undefined, at: NOW });
  queue.push({ outcome: { events: [], effects: [place("a")] }, durable: undefined, at: NOW });
  expect(queue.next().batch).toHaveLength(2);
});

test("near the bound the desk is told while people can still act; beyond it, it stops with a last word that says what to do", async () => {
  const { write, down, told, fatal, released, time } = writerBench();
  write([place("a")]);
  await down(10_000);
  write([], many(UNWRITTEN_NEAR - 2));
  expect(told).toEqual([]);
  write([], [BROKE]);
  write([], [BROKE]);
  expect(told).toEqual([
    `nearly-full: none for 10 s (no answer), and ${UNWRITTEN_NEAR} of at most ${UNWRITTEN_BOUND} wait`,
  ]);
  write([], many(UNWRITTEN_BOUND - UNWRITTEN_NEAR - 1));
  expect(fatal).toEqual([]);
  write([CANCEL], [KILLED]);
  await time.settle();
  expect(fatal).toEqual([
    expect.stringMatching(/none for 10 s .*20001 .* are lost.*`npm run claudbot -- kill`/),
  ]);
  expect(released).toEqual(["cancel"]);
});

test("many events at once are no reason to stop while the database takes them", async () => {
  const { write, asked, fatal, told, durable } = writerBench();
  write([], [BROKE]);
  write([], many(UNWRITTEN_BOUND + 1));
  for (let i = 0; i < asked.length; i += 1) await asked[i]?.answer(ok(undefined));
  expect([fatal, told, durable.length]).toEqual([[], [], UNWRITTEN_BOUND + 2]);
});

test("a takeover that an append meets after hours of outage stops the desk at once, and nothing leaves", async () => {
  const { write, down, up, fatal, released } = writerBench();
  write([place("a")]);
  await down(UNWRITTEN_MS * 2);
  await up(fail({ kind: "fenced" }));
  expect([fatal, released]).toEqual([["another desk took over this journal"], []]);
});

test("an append that lands after the bound stopped the desk lets no order out any more", async () => {
  const { write, down, up, fatal, released } = writerBench();
  write([place("a")]);
  await down(1000);
  write([], many(UNWRITTEN_BOUND + 1));
  expect(fatal).toHaveLength(1);
  await up();
  expect(released).toEqual([]);
});

test("a desk that was closed asks its database for nothing more", async () => {
  const { write, down, asked, writer, time, told } = writerBench();
  write([], [BROKE]);
  await down(1000);
  writer.stop();
  const before = asked.length;
  await asked.at(-1)?.answer(fail({ kind: "unavailable", detail: "closed" }));
  await time.pass(DAY_MS);
  expect([asked.length, told]).toEqual([before, []]);
});

test("a latch that a full disk refused is written as soon as there is room, unless the journal has it", async () => {
  const { write, down, up, disk, lines, released } = writerBench();
  disk.fault = new Error("ENOSPC: no space left on device, write");
  write([CANCEL], [KILLED]);
  await down(60_000);
  expect([released, lines]).toEqual([["cancel"], []]);
  disk.fault = null;
  await down(2 * LONGEST_RETRY_MS);
  const latched = { at: NOW, by: null, reason: "test" };
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { latches: [{ latch: "killed", latched }] },
  ]);
  disk.fault = new Error("ENOSPC");
  write([CANCEL], [KILLED]);
  await down(LONGEST_RETRY_MS);
  await up();
  disk.fault = null;
  write([], [BROKE]);
  await down(2 * LONGEST_RETRY_MS);
  expect(lines).toHaveLength(1);
});
