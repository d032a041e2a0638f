/** Group commit: what leaves, in which order, and never before it is durable; whatever the journal does meanwhile. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { UNWRITTEN_MS } from "../../src/run/outage.ts";
import { NOW, PLAN } from "../kit/sample-desk.ts";
import {
  type Answer,
  writerBench as bench,
  CANCEL,
  DOWN,
  KILLED,
  LONGEST_RETRY_MS,
  place,
} from "../kit/writer-bench.ts";

test("orders leave in the order of their commit, and none before its events are durable", async () => {
  const { write, asked, released, durable } = bench();
  write([place("a")]);
  write([place("b")]);
  write([place("c")]);
  expect(released).toEqual([]);
  expect(asked.map(({ events }) => events.map(({ seq }) => seq))).toEqual([[1]]);
  await asked[0]?.answer(ok(undefined));
  expect([released, durable]).toEqual([["a"], [1]]);
  expect(asked[1]?.events.map(({ seq }) => seq)).toEqual([2, 3]);
  await asked[1]?.answer(ok(undefined));
  expect([released, durable]).toEqual([
    ["a", "b", "c"],
    [1, 2, 3],
  ]);
});

test("a fenced journal lets nothing more out and stops the desk", async () => {
  const { write, asked, released, fatal, time } = bench();
  write([place("a")]);
  write([place("b")]);
  await asked[0]?.answer(fail({ kind: "fenced" }));
  write([place("c")]);
  await time.pass(UNWRITTEN_MS);
  expect([released, fatal, asked.length]).toEqual([[], ["another desk took over this journal"], 1]);
});

test("an append whose answer was lost is repeated with the same events and lets its order out once", async () => {
  const { write, asked, released, time } = bench();
  write([place("a")]);
  await asked[0]?.answer(DOWN);
  await time.pass(1000);
  expect(asked[1]?.events).toEqual(asked[0]?.events);
  expect(released).toEqual([]);
  await asked[1]?.answer(ok(undefined));
  await time.pass(10_000);
  expect([released, asked.length]).toEqual([["a"], 2]);
});

test("what was decided during an outage goes down after what waited before it", async () => {
  const { write, asked, released, time } = bench();
  write([place("a")]);
  await asked[0]?.answer(DOWN);
  write([place("b")]);
  await time.pass(1000);
  expect(asked[1]?.events.map(({ seq }) => seq)).toEqual([1, 2]);
  await asked[1]?.answer(ok(undefined));
  expect(released).toEqual(["a", "b"]);
});

test("a cancel leaves after its line on disk although the journal hangs", async () => {
  const { write, asked, released, lines, time } = bench();
  write([CANCEL], [KILLED]);
  expect(released).toEqual([]);
  await time.settle();
  expect([released, asked.length]).toEqual([["cancel"], 1]);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { latches: [{ latch: "killed", latched: { at: NOW, by: null, reason: "test" } }] },
  ]);
});

test("a full disk stops no cancel", async () => {
  const { write, released, disk, time } = bench();
  disk.fault = new Error("ENOSPC: no space left on device");
  write([CANCEL], [KILLED]);
  await time.settle();
  expect(released).toEqual(["cancel"]);
});

test("reads and cancels without a latch leave at once", () => {
  const { write, released } = bench();
  const bars = { product: PLAN.product, barMs: 60_000, count: 9, askedAt: NOW };
  write([{ kind: "list", why: "due", oldest: null }, { kind: "backfill", ...bars }, CANCEL], []);
  expect(released).toEqual(["list", "backfill", "cancel"]);
});

test("flushing waits for what was written, and no longer than it is told", async () => {
  const { writer, write, asked, time } = bench();
  expect(await writer.flush(10)).toBe(true);
  write([]);
  const short = writer.flush(10);
  await time.pass(10);
  expect(await short).toBe(false);
  const long = writer.flush(1000);
  await asked[0]?.answer(ok(undefined));
  expect(await long).toBe(true);
});

test("whatever the journal answers, each order leaves once, in order, after its own events", async () => {
  const answers = fc.array(fc.constantFrom("ok", "down", "write"), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(answers, async (script) => {
      const { time, write, asked, released, durable } = bench();
      let names = 0;
      const more = (): void => {
        write([place(String(names))]);
        names += 1;
      };
      const answer = async (result: Answer, stored: boolean): Promise<void> => {
        const before = asked.length;
        const last = asked.at(-1);
        await last?.answer(result);
        // Names count from 0 and numbers from 1: as many have left as are durable.
        expect(released).toEqual(durable.map((seq) => String(seq - 1)));
        if (stored && last) expect(durable).toEqual(expect.arrayContaining([last.events[0]?.seq]));
        if (!stored && asked.length === before) await time.pass(LONGEST_RETRY_MS);
      };
      more();
      for (const word of script) {
        if (word === "write") more();
        else await answer(word === "ok" ? ok(undefined) : DOWN, word === "ok");
      }
      for (let i = 0; i < 3; i += 1) {
        await answer(ok(undefined), false);
      }
      expect(released).toEqual(Array.from({ length: names }, (_, i) => String(i)));
    }),
    { numRuns: 60 },
  );
});
