/** When a lease may be taken from another: never by comparing two clocks. */
import { expect, test } from "vitest";
import { fail, ok } from "../../src/core/kernel/result.ts";
import { instant, later } from "../../src/core/kernel/time.ts";
import type { Lease, LeaseHeld } from "../../src/ports/lease.ts";
import { keepLease, LEASE_MS } from "../../src/run/lease-keeper.ts";
import { type Taken, type TakeOptions, takeLease } from "../../src/run/lease-taker.ts";
import { manualTime } from "../kit/manual-time.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { NOW } from "../kit/sample-desk.ts";

const FREE = instant(0);
const HOUR = 3_600_000;

/** One lease, and desks whose clocks differ; time passes for all of them alike. */
function bench(at: Partial<LeaseHeld> = {}) {
  const time = manualTime(NOW);
  let row: LeaseHeld = { epoch: 1, holder: "leader", expiresAt: FREE, ...at };
  let fault: Error | null = null;
  const answered = <T>(make: () => T): Promise<T> =>
    fault ? Promise.reject(fault) : Promise.resolve(make());
  const lease = (): Lease => {
    let mine = -1;
    return {
      look: () => answered(() => row),
      take: (holder, now, ttlMs, seen) =>
        answered(() => {
          const same = seen?.epoch === row.epoch && seen.expiresAt === row.expiresAt;
          if (row.expiresAt !== 0 && !same) return fail(row);
          row = { epoch: row.epoch + 1, holder, expiresAt: later(now, ttlMs) };
          mine = row.epoch;
          return ok(row);
        }),
      renew: (now, ttlMs) =>
        answered(() => {
          if (row.epoch !== mine) return fail({ kind: "lost" });
          row = { ...row, expiresAt: later(now, ttlMs) };
          return ok(row);
        }),
      release: () => Promise.resolve(),
    };
  };
  const desk = (holder: string, aheadMs: number, options: Partial<TakeOptions> = {}) => {
    const doors = {
      lease: lease(),
      clock: { now: () => instant(time.clock.now() + aheadMs) },
      timers: time.timers,
      log: quietLog(),
    };
    const told: string[] = [];
    let answer: Taken | Error | null = null;
    takeLease(doors, {
      ...{ holder, leaseMs: LEASE_MS, standby: true, until: new Promise(() => undefined) },
      isGone: () => false,
      waiting: (held) => told.push(held.holder),
      ...options,
    }).then(
      (taken) => {
        answer = taken;
      },
      (error: Error) => {
        answer = error;
      },
    );
    return { doors, told, answer: (): Taken | Error | null => answer };
  };
  /** A leader that renews from now on. */
  const leader = async (aheadMs: number) => {
    const one = desk("leader", aheadMs);
    await time.settle();
    const taken = one.answer();
    if (taken === null || !("kind" in taken) || taken.kind !== "taken") throw new Error("not free");
    return keepLease(one.doors, { leaseMs: LEASE_MS, takenAt: taken.takenAt, lost: () => {} });
  };
  const down = (is: boolean): void => {
    fault = is ? new Error("ECONNREFUSED") : null;
  };
  return { time, desk, leader, down, row: () => row };
}

test("a lease that was given back is taken at once", async () => {
  const { time, desk } = bench();
  const one = desk("us", 0, { standby: false });
  await time.settle();
  expect(one.answer()).toMatchObject({ kind: "taken", lease: { epoch: 2, holder: "us" } });
  expect(one.told).toEqual([]);
});

test.each([-HOUR, -10_000, 0, 10_000, HOUR])(
  "a standby whose clock is %d ms ahead takes no lease that is renewed, and a dead one after its whole time",
  async (aheadMs) => {
    const { time, desk, leader } = bench();
    const kept = await leader(0);
    const standby = desk("standby", aheadMs);
    await time.pass(2 * 60_000 + 500);
    expect([standby.answer(), kept.anything()]).toEqual([null, null]);
    expect(standby.told).toEqual(["leader", "leader", "leader"]);
    kept.stop();
    let died = 0;
    while (standby.answer() === null && died < 10 * LEASE_MS) {
      // As long as the leader, were it alive, would believe in its lease, nobody else has it.
      if (kept.anything() === null) expect(standby.answer()).toBeNull();
      await time.pass(100);
      died += 100;
    }
    expect(standby.answer()).toMatchObject({ kind: "taken", lease: { holder: "standby" } });
    expect(kept.anything()).not.toBeNull();
    expect(died).toBeGreaterThanOrEqual(LEASE_MS - 2500);
    expect(died).toBeLessThanOrEqual(LEASE_MS + 2000);
  },
);

test("a holder whose process is certainly gone is waited for no longer than to the next look", async () => {
  const { time, desk, leader } = bench();
  const kept = await leader(0);
  let gone = false;
  const standby = desk("standby", 0, { isGone: () => gone });
  await time.pass(30_000);
  expect(standby.answer()).toBeNull();
  kept.stop();
  gone = true;
  await time.pass(1000);
  expect(standby.answer()).toMatchObject({ kind: "taken" });
});

test("while the database is down nobody's time runs out, and the holder gets all of it again", async () => {
  const { time, desk, leader, down } = bench();
  const kept = await leader(0);
  const standby = desk("standby", 0);
  await time.pass(5000);
  down(true);
  await time.pass(5 * LEASE_MS);
  expect(standby.answer()).toBeNull();
  down(false);
  await time.pass(5 * LEASE_MS);
  expect([standby.answer(), kept.order()]).toEqual([null, null]);
});

test("a standby whose look fails has the database started again, one attempt at a time, and waits for none for ever", async () => {
  const { time, desk, down } = bench({ expiresAt: later(NOW, 1) });
  const hangs = [true, false];
  let begun = 0;
  const revive = (): Promise<void> => {
    begun += 1;
    if (hangs.shift()) return new Promise(() => undefined);
    down(false);
    return Promise.resolve();
  };
  down(true);
  const standby = desk("standby", 0, { revive });
  await time.pass(9000);
  expect(begun).toBe(1);
  await time.pass(3000);
  expect(begun).toBe(2);
  await time.pass(LEASE_MS + 2000);
  expect([begun, standby.answer()]).toMatchObject([2, { kind: "taken" }]);
  down(true);
  const other = desk("other", 0, { revive, standby: false });
  await time.settle();
  expect([begun, other.answer()]).toEqual([2, expect.any(Error)]);
});

test("of two that stand by one takes over, and the other goes on standing by", async () => {
  const { time, desk } = bench({ expiresAt: later(NOW, 1) });
  const both = [desk("a", 0), desk("b", -5000)];
  await time.pass(LEASE_MS + 2000);
  const answers = both.map((one) => one.answer());
  expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
});

test("without standby a desk is refused at once while another's time is not over", async () => {
  const { time, desk } = bench({ expiresAt: later(NOW, 1) });
  const one = desk("us", 0, { standby: false });
  await time.settle();
  expect(one.answer()).toMatchObject({ kind: "refused", by: { holder: "leader" } });
});

test("without standby a desk whose clock is ahead is refused as soon as it sees the other stir", async () => {
  const { time, desk, leader } = bench();
  await leader(0);
  const one = desk("us", HOUR, { standby: false });
  await time.pass(4000);
  expect(one.answer()).toMatchObject({ kind: "refused" });
  expect(one.told).toEqual(["leader"]);
});

test("without standby a holder that does not stir any more is waited for, and a database that is down is told", async () => {
  const { time, desk, down } = bench({ expiresAt: later(NOW, -1) });
  const one = desk("us", 0, { standby: false });
  await time.pass(LEASE_MS - 2000);
  expect(one.answer()).toBeNull();
  const other = desk("other", 0, { standby: false });
  await time.pass(3000);
  expect(one.answer()).toMatchObject({ kind: "taken" });
  await time.pass(2000);
  expect(other.answer()).toMatchObject({ kind: "refused", by: { holder: "us" } });
  down(true);
  const third = desk("third", 0, { standby: false });
  await time.settle();
  expect(third.answer()).toBeInstanceOf(Error);
});

test("a desk that stands by ends when it is told to, without having touched anything", async () => {
  const { time, desk, row } = bench({ expiresAt: later(NOW, 1) });
  let tell = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const one = desk("us", 0, { until });
  await time.pass(5000);
  tell();
  await time.settle();
  expect(one.answer()).toEqual({ kind: "told" });
  expect(row()).toMatchObject({ epoch: 1, holder: "leader" });
});
