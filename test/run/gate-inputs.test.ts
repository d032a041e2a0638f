/** What only the shell can see of itself and tells the gate: calls that failed, and how long the journal keeps it waiting. */
import { expect, test } from "vitest";
import { fail, ok } from "../../src/core/kernel/result.ts";
import type { VenueCalls } from "../../src/ports/venue.ts";
import { tellingFailures } from "../../src/run/venue-failures.ts";
import { NOW, PLAN } from "../kit/sample-desk.ts";
import { writerBench as bench, DOWN, place } from "../kit/writer-bench.ts";

const DOWNED = fail({ kind: "unavailable", detail: "no answer" } as const);
const REFUSED = fail({ kind: "refused", detail: "no" } as const);

/** Each call of a venue that always says the same. @returns how many of them count as failed */
async function failures(place: Awaited<ReturnType<VenueCalls["place"]>>, read: unknown) {
  let count = 0;
  const said = async (): Promise<never> => read as never;
  const venue = tellingFailures(
    {
      ...{ cancel: said, find: said, list: said, prove: said, trades: said, preview: said },
      place: async () => place,
    },
    clock,
    () => {
      count += 1;
    },
  );
  const calls = [
    venue.place(PLAN),
    venue.preview?.(PLAN),
    venue.cancel([]),
    venue.find(PLAN.id, PLAN.product, NOW),
    venue.list(NOW),
    venue.prove(PLAN.id, "v" as never, PLAN.product),
    venue.trades(NOW),
  ];
  const [first, ...others] = await Promise.all(calls);
  expect(first).toBe(place);
  expect(others.every((answer) => answer === read)).toBe(true);
  return count;
}

const clock = { now: () => NOW };
const THROTTLED = fail({ kind: "unavailable", detail: "429", ours: true } as const);

test("an order call without an answer, or to a venue in trouble, has failed; readings that fail together are one trouble; a refusal is an answer", async () => {
  expect(await failures({ kind: "unknown", cause: "timeout" }, DOWNED)).toBe(3);
  expect(await failures({ kind: "accepted", venueId: "v" as never }, THROTTLED)).toBe(0);
  expect(await failures({ kind: "rejected", reason: "NO", message: "" }, REFUSED)).toBe(0);
  expect(await failures({ kind: "accepted", venueId: "v" as never }, ok([]))).toBe(0);
});

test("a door that throws all the same has failed, and throws on", async () => {
  let count = 0;
  const oops = async (): Promise<never> => {
    throw new Error("oops");
  };
  const all = { place: oops, cancel: oops, find: oops, list: oops, prove: oops, trades: oops };
  const venue = tellingFailures(all, clock, () => {
    count += 1;
  });
  await expect(venue.place(PLAN)).rejects.toThrow("oops");
  await expect(venue.list(NOW)).rejects.toThrow("oops");
  expect([count, venue.preview]).toEqual([2, undefined]);
});

test("how long the oldest event waits is known, through an outage too, and nothing waits once it is written", async () => {
  const { writer, write, asked, time } = bench();
  expect(writer.unwrittenMs()).toBe(0);
  write([place("a")]);
  await time.pass(400);
  write([place("b")]);
  await time.pass(300);
  expect(writer.unwrittenMs()).toBe(700);
  await asked[0]?.answer(DOWN);
  expect(writer.unwrittenMs()).toBe(700);
  await time.pass(1000);
  expect(writer.unwrittenMs()).toBe(1700);
  await asked[1]?.answer(ok(undefined));
  expect(writer.unwrittenMs()).toBe(0);
});
