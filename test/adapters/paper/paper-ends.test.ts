/** What the time does to paper orders: ends, parts that fell due while nobody was there, and what a start finds over. */
import { expect, test } from "vitest";
import { venueOrderId } from "../../../src/core/kernel/ids.ts";
import { NO_QUOTE, NO_SIZE, price, size } from "../../../src/core/kernel/money.ts";
import { later } from "../../../src/core/kernel/time.ts";
import type { Order, Plan } from "../../../src/core/order/state.ts";
import { openPaper, plan, START } from "./paper-rig.ts";

const slices = { start: START, end: later(START, 40_000), buckets: 4, bucketMs: 10_000 };
const inParts = (name: string): Plan => plan(name, { timeInForce: "gtd", slices });
const maker = (name: string, lifeMs: number): Plan =>
  plan(name, {
    ...{ timeInForce: "gtc", postOnly: true, limit: price("99") },
    validUntil: later(START, lifeMs),
  });

const known = (of: Plan, over: Partial<Order> = {}): Order => ({
  plan: of,
  submission: "acknowledged",
  progress: "open",
  executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
  trades: new Map(),
  settled: false,
  quarantine: null,
  endedAt: null,
  venueId: venueOrderId(`paper-${of.id}`),
  cancelAskedAt: null,
  attempts: 1,
  attemptedAt: of.plannedAt,
  ...over,
});

test("an order in parts whose end passed while no price came buys nothing at the first one after it", async () => {
  const { venue, top, time, found, seen } = openPaper();
  top("99.9", "200");
  const of = inParts("a");
  await venue.place(of);
  await venue.stop();
  await time.pass(3_600_000);
  top("99.9", "100");
  expect(await found(of)).toMatchObject({ progress: "expired", executed: { size: NO_SIZE } });
  expect(seen().at(-1)).toMatchObject({ order: of.id, progress: "expired" });
});

test("after a start the parts that fell due meanwhile are lost, and those to come are bought", async () => {
  const of = { ...inParts("a"), slices: { ...slices, start: later(START, -15_000) } };
  const { top, time, found } = openPaper({ orders: [known(of)] });
  top("99.9", "100");
  expect(await found(of)).toMatchObject({ progress: "open", executed: { size: NO_SIZE } });
  await time.pass(9000);
  top("99.9", "100", "11");
  expect((await found(of))?.executed.size).toBe(size("0.25"));
  await time.pass(9000);
  top("99.9", "100", "12");
  expect((await found(of))?.executed.size).toBe(size("0.5"));
  await time.pass(30_000);
  expect(await found(of)).toMatchObject({ progress: "expired", executed: { size: size("0.5") } });
});

test("after a start an order whose time is over has expired, and what reaches its price fills it not", async () => {
  const parts = { ...inParts("a"), slices: { ...slices, end: later(START, -1) } };
  const rests = maker("b", -60_000);
  const lives = maker("c", -59_000);
  const { trade, found } = openPaper({ orders: [known(parts), known(rests), known(lives)] });
  expect(await found(parts)).toMatchObject({ progress: "expired" });
  expect(await found(rests)).toMatchObject({ progress: "expired" });
  trade("98", "9");
  expect(await found(rests)).toMatchObject({ executed: { size: NO_SIZE } });
  expect(await found(lives)).toMatchObject({ progress: "filled" });
});

test("an order that rests and was not taken back ends a minute after its life, before the trade of that moment", async () => {
  const { venue, top, trade, time, found } = openPaper();
  top("99.9", "100");
  const of = maker("a", 20_000);
  await venue.place(of);
  await venue.stop();
  await time.pass(79_999);
  expect(await found(of)).toMatchObject({ progress: "open" });
  await time.pass(1);
  trade("98", "9");
  expect(await found(of)).toMatchObject({ progress: "expired", executed: { size: NO_SIZE } });
});
