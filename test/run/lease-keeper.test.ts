/** What a desk may still send under its lease: while it renews it, when the database is silent, after it stood still. */
import { expect, test } from "vitest";
import { fail, ok, type Result } from "../../src/core/kernel/result.ts";
import { type Instant, instant, later } from "../../src/core/kernel/time.ts";
import type { Lease, LeaseHeld } from "../../src/ports/lease.ts";
import { keepLease, LEASE_MS } from "../../src/run/lease-keeper.ts";
import { manualTime } from "../kit/manual-time.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { NOW } from "../kit/sample-desk.ts";

type Renewed = Awaited<ReturnType<Lease["renew"]>>;

/** A keeper whose database answers as told; `freeze` moves the clock alone, as for a process that stands still. */
function bench(answer: (at: Instant) => Promise<Renewed>) {
  const time = manualTime(NOW);
  let frozenMs = 0;
  const clock = { now: () => instant(time.clock.now() + frozenMs) };
  const asked: Instant[] = [];
  let losses = 0;
  const database = { answer };
  const lease: Lease = {
    look: () => Promise.reject(new Error("not asked")),
    take: () => Promise.reject(new Error("not asked")),
    release: () => Promise.resolve(),
    renew: (at) => {
      asked.push(at);
      return database.answer(at);
    },
  };
  const kept = keepLease(
    { lease, clock, timers: time.timers, log: quietLog() },
    {
      leaseMs: LEASE_MS,
      takenAt: NOW,
      lost: () => {
        losses += 1;
      },
    },
  );
  const freeze = (ms: number): void => {
    frozenMs += ms;
  };
  return { time, kept, asked, database, freeze, losses: () => losses };
}

const renewed = async (at: Instant): Promise<Renewed> => {
  const held: LeaseHeld = { epoch: 1, holder: "us", expiresAt: later(at, LEASE_MS) };
  return ok(held);
};
const overtaken = async (): Promise<Result<LeaseHeld, { kind: "lost" }>> => fail({ kind: "lost" });
const hangs = (): Promise<Renewed> => new Promise(() => undefined);
const refuses = (): Promise<Renewed> => Promise.reject(new Error("ECONNREFUSED"));

test("while it is renewed everything may leave, for however long", async () => {
  const { time, kept, asked } = bench(renewed);
  for (let i = 0; i < 600; i += 1) {
    await time.pass(500);
    expect([kept.order(), kept.anything()]).toEqual([null, null]);
  }
  expect(asked).toHaveLength(120);
});

test.each([
  ["hangs", hangs],
  ["refuses", refuses],
])(
  "while the database %s orders stop in time, and cancels leave all the same",
  async (_, silent) => {
    const { time, kept, database } = bench(renewed);
    await time.pass(30_000);
    database.answer = silent;
    await time.pass(LEASE_MS / 2 - 3000);
    expect(kept.order()).toBeNull();
    await time.pass(3001);
    expect(kept.order()).toContain("the database does not answer");
    for (let i = 0; i < 200; i += 1) {
      await time.pass(997);
      expect(kept.anything()).toBeNull();
      expect(kept.order()).not.toBeNull();
    }
    database.answer = renewed;
    await time.pass(8000);
    expect(kept.order()).toBeNull();
  },
);

test("a desk that stood still past its lease sends nothing, not even a cancel, until it has asked", async () => {
  const { time, kept, database, freeze, losses } = bench(renewed);
  await time.pass(10_000);
  let answer = (_: Renewed): void => undefined;
  database.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  freeze(LEASE_MS);
  expect(kept.order()).toContain("stood still");
  expect(kept.anything()).toContain("stood still");
  answer(await overtaken());
  await time.settle();
  expect([kept.order(), kept.anything()]).toEqual(Array(2).fill("another desk took over"));
  expect(losses()).toBe(1);
});

test("a desk that stood still and was not overtaken goes on once it has asked", async () => {
  const { time, kept, freeze, losses } = bench(renewed);
  await time.pass(10_000);
  freeze(600_000);
  expect(kept.anything()).not.toBeNull();
  await time.settle();
  expect([kept.order(), kept.anything(), losses()]).toEqual([null, null, 0]);
});

test("waits that ran out while a desk stood still are no failure of the database", async () => {
  const { time, kept, database, freeze } = bench(renewed);
  await time.pass(10_000);
  database.answer = hangs;
  await time.pass(2500);
  freeze(600_000);
  // Its own timer ends the wait for an answer that it could not hear.
  await time.pass(4900);
  expect(kept.anything()).toContain("stood still");
});

test("a failure from before it stood still says nothing of now", async () => {
  const { time, kept, database, freeze } = bench(refuses);
  await time.pass(LEASE_MS + 5000);
  expect(kept.anything()).toBeNull();
  database.answer = hangs;
  freeze(600_000);
  expect(kept.anything()).toContain("stood still");
});

test.each([
  ["refuses", refuses, 0],
  ["hangs", hangs, LEASE_MS / 4],
])(
  "a desk that stood still while the database is down cancels again as soon as it has asked in vain: it %s",
  async (_, silent, ms) => {
    const { time, kept, database, freeze } = bench(renewed);
    await time.pass(10_000);
    database.answer = silent;
    freeze(600_000);
    expect(kept.anything()).toContain("stood still");
    await time.pass(ms);
    expect(kept.anything()).toBeNull();
    expect(kept.order()).not.toBeNull();
  },
);

test("a renewal counts from before it was asked for, however late its answer comes", async () => {
  const { time, kept, database, freeze } = bench(renewed);
  let answer = (_: Renewed): void => undefined;
  database.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  await time.pass(2500);
  freeze(LEASE_MS);
  database.answer = hangs;
  answer(await renewed(NOW));
  await time.settle();
  expect(kept.anything()).toContain("stood still");
});

test("what an append has learnt counts at once, and is told once", () => {
  const { kept, losses } = bench(renewed);
  kept.lose();
  kept.lose();
  expect([kept.order(), kept.anything(), kept.isLost, losses()]).toEqual([
    "another desk took over",
    "another desk took over",
    true,
    1,
  ]);
});
