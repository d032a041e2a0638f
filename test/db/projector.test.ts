/** Projections follow the events, and come out equal when they are made again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, connect } from "../../db/connect.ts";
import { openJournal } from "../../src/adapters/postgres/journal.ts";
import { openLease } from "../../src/adapters/postgres/lease.ts";
import { rebuildProjections, startProjector } from "../../src/adapters/postgres/projector.ts";
import { summary } from "../../src/adapters/postgres/reports.ts";
import type { EventBody, EventOf } from "../../src/core/engine/event.ts";
import { quote } from "../../src/core/kernel/money.ts";
import type { Log } from "../../src/ports/log.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { aRun, at, numbered, paused, plan, planned } from "./samples.ts";

const TABLES = [
  "intents",
  "orders",
  "fills",
  "trades",
  "adjustments",
  "external_orders",
  "positions",
  "balances",
  "risk_snapshots",
  "confirmations",
];
const log: Log = { debug() {}, info() {}, warn() {}, error() {} };
let made: TestDatabase;
let spy: Client;
let journal: ReturnType<typeof openJournal>;

beforeAll(async () => {
  made = await testDatabase();
  const lease = openLease(made.database.desk);
  await lease.take("test", at(0), 60_000);
  await lease.close();
  journal = openJournal({ connection: made.database.desk, epoch: 1 });
  spy = connect(made.database.owner, { name: "spy" });
});
afterAll(async () => {
  await journal.close();
  await spy.end();
  await made.close();
});

async function everyRow(): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const all: Record<string, readonly unknown[]> = {};
  for (const table of TABLES) {
    all[table] = [...(await spy.unsafe(`select * from claudbot.${table} order by 1`))];
  }
  return all;
}

test("rows follow the events that are appended while the projector runs", async () => {
  const projector = startProjector({ connection: made.database.desk, log });
  const events = numbered(1, aRun);
  await journal.append(events.slice(0, 4));
  await projector.caughtUp(4);
  expect(await spy`select size, cost from claudbot.positions`).toMatchObject([
    { size: "0.00152", cost: "98.927832000000000001" },
  ]);
  await journal.append(events.slice(4));
  projector.nudge();
  await projector.caughtUp(events.length);
  await projector.stop();
  const rows = await everyRow();
  expect(rows["positions"]).toEqual([]);
  expect(rows["fills"]).toMatchObject([
    { realized: "0", result: null },
    { result: "-1.187133984" },
  ]);
  expect(rows["balances"]).toMatchObject([{ available: "0.000000000000000001" }, {}]);
  expect(rows["orders"]).toMatchObject([
    { submission: "acknowledged", progress: "filled", closed_why: "filled", venue_id: "v-1" },
    { submission: "unknown", attempts: 2, executed_size: "0.00152" },
    { submission: "refused", closed_why: "rejected", detail: "INSUFFICIENT_FUND" },
    { progress: "cancelling", closed_at: null },
    { submission: "absent", closed_why: "absent" },
  ]);
  expect(rows["intents"]).toHaveLength(6);
  expect(rows["intents"]?.[1]).toMatchObject({ outcome: "vetoed", order_id: null });
  expect(rows["confirmations"]).toMatchObject([{ open: false, outcome: "confirmed" }]);
});

test("projections made again from the first event are equal", async () => {
  const before = await everyRow();
  await spy`update claudbot.orders set detail = 'spoiled'`;
  await spy`delete from claudbot.fills`;
  await rebuildProjections(made.database.desk);
  expect(await everyRow()).toEqual(before);
});

test("many pages are caught up with", async () => {
  const first = aRun.length + 1;
  await journal.append(
    numbered(
      first,
      Array.from({ length: 1_200 }, (_, n) => (n % 2 ? paused("x") : planned(`many-${n}`))),
    ),
  );
  const projector = startProjector({ connection: made.database.desk, log });
  await projector.caughtUp(first + 1_199);
  await projector.stop();
  const [row] = await spy`select count(*)::int as orders from claudbot.orders`;
  expect(row?.["orders"]).toBe(605);
});

test("a stopped projector refuses to wait", async () => {
  const projector = startProjector({ connection: made.database.desk, log });
  const waiting = expect(projector.caughtUp(1_000_000)).rejects.toThrow("stopped");
  await projector.stop();
  await waiting;
});

test("the summary counts what the events say", async () => {
  const report = await summary(made.database.desk);
  expect(report).toMatchObject({ fills: 2, vetoes: 1, trips: 1, delivered: 0 });
  expect(report.planned).toHaveLength(605);
  expect(report.planned[0]).toEqual({ order: plan("a").id, intent: plan("a").intent });
  expect(await summary(made.database.desk, report.lastSeq)).toMatchObject({
    planned: report.planned,
    orders: 0,
    fills: 0,
  });
});

test("a row says how an order was to be executed: for a sum it has no limit, in parts it has their number and times", async () => {
  const slices = { start: at(5000), end: at(25_000), buckets: 2, bucketMs: 10_000 };
  const as = (name: string, over: object): EventBody => {
    const body = planned(name) as EventOf<"order.planned">;
    return { ...body, plan: { ...body.plan, ...over } };
  };
  const first = plan("za").id;
  const bodies = [
    as("za", { spend: quote("25") }),
    as("zb", { timeInForce: "gtd", slices }),
    as("zc", { timeInForce: "gtc", postOnly: true, leg: 2, replaces: first }),
  ];
  const from = aRun.length + 1201;
  await journal.append(numbered(from, bodies));
  const projector = startProjector({ connection: made.database.desk, log });
  await projector.caughtUp(from + bodies.length - 1);
  await projector.stop();
  const ids = ["za", "zb", "zc"].map((name) => plan(name).id);
  const rows = await spy`
    select limit_price, spend, post_only, slices, slices_from, slices_until, leg, replaces
    from claudbot.orders where id in ${spy(ids)} order by id`;
  const limit = String(rows[1]?.["limit_price"]);
  const plain = { post_only: false, slices: null, slices_from: null, slices_until: null };
  const one = { leg: 1, replaces: null };
  const times = { slices: 2, slices_from: new Date(at(5000)), slices_until: new Date(at(25_000)) };
  expect([...rows]).toEqual([
    { limit_price: null, spend: "25", ...plain, ...one },
    { limit_price: limit, spend: null, post_only: false, ...times, ...one },
    { limit_price: limit, spend: null, ...plain, post_only: true, leg: 2, replaces: first },
  ]);
  expect(Number(limit)).toBeGreaterThan(0);
  const [intent] = await spy`
    select limit_price, spend from claudbot.intents where id = ${plan("za").intent}`;
  expect(intent).toEqual({ limit_price: null, spend: "25" });
});

test("a projector that is stopped derives first what it was told of, pages more than one", async () => {
  const [{ last } = { last: 0 }] = await spy<{ last: string }[]>`
    select max(seq) as last from claudbot.events`;
  const from = Number(last) + 1;
  await journal.append(numbered(from, Array<EventBody>(700).fill(paused("odd spread"))));
  const projector = startProjector({ connection: made.database.desk, log });
  await projector.stop();
  const [cursor] = await spy`select seq from claudbot.cursors where name = 'projector'`;
  expect(Number(cursor?.["seq"])).toBe(from + 699);
});
