/** What the venue has in its own books comes to rows, once however often it is applied, and the same when derived anew. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, connect, orm } from "../../db/connect.ts";
import { openJournal } from "../../src/adapters/postgres/journal.ts";
import { openLease } from "../../src/adapters/postgres/lease.ts";
import { project } from "../../src/adapters/postgres/projections/table.ts";
import { startProjector } from "../../src/adapters/postgres/projector.ts";
import { checkProjections } from "../../src/adapters/postgres/rebuilt.ts";
import type { EventBody, EventOf } from "../../src/core/engine/event.ts";
import { productId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { price, quote, size } from "../../src/core/kernel/money.ts";
import type { Quarantine, Trade } from "../../src/core/order/state.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { ana, aRun, at, numbered, plan, planned } from "./samples.ts";

const BTC = productId("BTC-USD");
const order = plan("s").id;
let made: TestDatabase;
let spy: Client;
let next = 1;

const trade = (entry: string, over: Partial<Trade> = {}): Trade => ({
  entry,
  order,
  venueId: venueOrderId("v-9"),
  product: BTC,
  side: "buy",
  at: at(1500),
  price: price("65084.100000000000000001"),
  size: size("0.00076"),
  value: quote("49.463916"),
  fee: quote("0.296783496"),
  liquidity: "taker",
  adjustment: false,
  ...over,
});
const NOTHING = { size: size("0"), value: quote("0"), fees: quote("0") };
const quarantined = (why: Quarantine): EventBody => ({
  kind: "order.quarantined",
  order,
  product: BTC,
  why,
  detail: `because of ${why}`,
});
const held = (id: typeof order, why: Quarantine): EventBody =>
  ({ ...quarantined(why), order: id }) as EventBody;
const closed: EventBody = {
  kind: "order.closed",
  order,
  product: BTC,
  why: "cancelled",
  detail: "",
  executed: NOTHING,
  orderSize: plan("s").size,
};
const settled: EventBody = {
  kind: "order.settled",
  order,
  product: BTC,
  trades: 2,
  executed: NOTHING,
};
const resumed: EventBody = { kind: "trading.resumed", by: ana, equity: quote("1"), rearmed: [] };
const external = (over: Partial<EventOf<"external.seen">["foreign"]> = {}) => ({
  venueId: venueOrderId("x-1"),
  product: BTC,
  clientId: "somebody",
  side: "sell" as const,
  live: true,
  worth: quote("12.5"),
  ...over,
});

beforeAll(async () => {
  made = await testDatabase();
  spy = connect(made.database.owner, { name: "spy" });
});
afterAll(async () => {
  await spy.end();
  await made.close();
});

/** Derives the events with the numbers that follow, the whole lot twice: a page that is repeated after a crash. */
async function derive(...bodies: readonly EventBody[]): Promise<void> {
  const client = connect(made.database.desk, { name: "derive" });
  const events = numbered(next, bodies);
  next += bodies.length;
  try {
    for (const event of [...events, ...events.slice(-1)]) {
      await orm(client).transaction((turn) => project(turn, event));
    }
  } finally {
    await client.end();
  }
}

async function theOrder() {
  const [row] = await spy`
    select submission, closed_why, detail, settled_at, quarantine, quarantined_at, quarantine_detail
    from claudbot.orders where id = ${order}`;
  return row ?? {};
}

test("a trade has one row however often it is told, and each figure of it is exact", async () => {
  await derive(
    planned("s"),
    { kind: "order.traded", order, product: BTC, trades: [trade("e-1"), trade("e-2")] },
    {
      kind: "order.traded",
      order,
      product: BTC,
      trades: [
        trade("e-2", { size: size("1") }),
        trade("e-3", { liquidity: null, adjustment: true }),
      ],
    },
    { kind: "order.traded", order, product: BTC, trades: [] },
  );
  const rows = await spy`select * from claudbot.trades order by entry`;
  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatchObject({
    entry: "e-1",
    order_id: order,
    venue_id: "v-9",
    price: "65084.100000000000000001",
    size: "0.00076",
    fee: "0.296783496",
    liquidity: "taker",
    adjustment: false,
    at: new Date(at(1500)),
  });
  expect(rows[1]).toMatchObject({ size: "0.00076", seq: "2" });
  expect(rows[2]).toMatchObject({ liquidity: null, adjustment: true, seq: "3" });
});

test("an order is settled once its trades are proven, and no longer after a late fill", async () => {
  await derive(closed, settled);
  expect((await theOrder())["settled_at"]).toBeInstanceOf(Date);
  const late = aRun.find(({ kind }) => kind === "order.filled") as EventOf<"order.filled">;
  await derive({ ...late, order, late: "cancelled" });
  expect((await theOrder())["settled_at"]).toBeNull();
});

test("a quarantine says why, ends by what explains it or by a person, and keeps what it was", async () => {
  const ends = async (why: Quarantine, ...by: EventBody[]): Promise<unknown> => {
    await derive(quarantined(why));
    expect(await theOrder()).toMatchObject({
      quarantine: why,
      quarantine_detail: `because of ${why}`,
    });
    await derive(...by);
    return (await theOrder())["quarantine"];
  };
  expect(await ends("unproven", settled)).toBeNull();
  expect(await ends("adjusted", settled)).toBe("adjusted");
  expect(await ends("lost", settled)).toBe("lost");
  expect(await ends("lost", closed)).toBeNull();
  expect(await ends("unknown", closed)).toBeNull();
  expect(await ends("overfilled", closed)).toBe("overfilled");
  expect(await ends("overfilled", resumed)).toBeNull();
  expect(await theOrder()).toMatchObject({
    quarantine_detail: "because of overfilled",
    settled_at: expect.any(Date),
  });
});

test("whoever resumes lets go of what lives, but not of what nobody can find", async () => {
  const names = ["u", "w"] as const;
  const [unknown, terms] = names.map((name) => plan(name).id);
  if (!unknown || !terms) throw new Error("two orders");
  await derive(
    ...names.map((name) => planned(name)),
    held(unknown, "unknown"),
    held(terms, "other-terms"),
    { kind: "trading.rearmed", by: ana },
  );
  const rows = await spy`
    select quarantine, settled_at from claudbot.orders where id in (${unknown}, ${terms}) order by id`;
  expect([...rows]).toEqual([
    { quarantine: "unknown", settled_at: null },
    { quarantine: null, settled_at: null },
  ]);
});

test("whoever resumes settles what the venue ended or lost, and rewrites neither when it was settled nor when it closed", async () => {
  const names = ["ya", "yb", "yc", "yd"] as const;
  const [ended, lost, before, scoped] = names.map((name) => plan(name).id);
  if (!ended || !lost || !before || !scoped) throw new Error("four orders");
  const of = (id: typeof order, body: EventBody) => ({ ...body, order: id }) as EventBody;
  const rows = async () => [
    ...(await spy`
      select id, quarantine, settled_at, closed_at, closed_why from claudbot.orders
      where id in (${ended}, ${lost}, ${before}, ${scoped}) order by id`),
  ];
  await derive(...names.map((name) => planned(name)));
  await derive(of(before, closed), of(before, settled), held(before, "adjusted"));
  await derive(of(ended, closed), held(ended, "overfilled"), held(lost, "lost"));
  await derive(held(scoped, "overfilled"), { ...resumed, scope: BTC } as EventBody);
  const [, , first, held4] = await rows();
  expect(held4).toMatchObject({ quarantine: "overfilled" });
  await derive(resumed);
  const [a, b, c, d] = await rows();
  expect(a).toMatchObject({ quarantine: null, settled_at: expect.any(Date) });
  expect(b).toMatchObject({ quarantine: null, settled_at: expect.any(Date), closed_why: "lost" });
  expect([c?.["settled_at"], c?.["closed_at"]]).toEqual([
    first?.["settled_at"],
    first?.["closed_at"],
  ]);
  expect(c).toMatchObject({ quarantine: null, closed_why: "cancelled" });
  expect(d).toMatchObject({ quarantine: null, settled_at: null });
});

test("an order that never left is closed as released, with the reason", async () => {
  const { id } = plan("r");
  await derive(planned("r"), {
    kind: "order.released",
    order: id,
    product: BTC,
    side: "buy",
    why: "the decision was stale",
  });
  const [row] = await spy`select * from claudbot.orders where id = ${id}`;
  expect(row).toMatchObject({
    submission: "released",
    closed_why: "released",
    detail: "the decision was stale",
  });
});

test("what no fill explains is kept with its worth, and somebody else's order with when it went", async () => {
  const gap = { currency: "BTC", gap: size("-0.0123") } as const;
  await derive(
    { kind: "balance.adjusted", ...gap, sort: "pending", worth: quote("-800.4") },
    {
      kind: "balance.adjusted",
      currency: "USD",
      gap: size("0.000000001"),
      sort: "dust",
      worth: null,
    },
    { kind: "external.seen", foreign: external() },
    { kind: "external.gone", foreign: external() },
  );
  expect(
    await spy`select currency, gap, sort, worth from claudbot.adjustments order by seq`,
  ).toEqual([
    { currency: "BTC", gap: "-0.0123", sort: "pending", worth: "-800.4" },
    { currency: "USD", gap: "0.000000001", sort: "dust", worth: null },
  ]);
  const [first] = await spy`select * from claudbot.external_orders`;
  expect(first).toMatchObject({ venue_id: "x-1", side: "sell", gone_at: expect.any(Date) });
  await derive({ kind: "external.seen", foreign: external({ worth: null }) });
  const rows = await spy`select * from claudbot.external_orders`;
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ worth: null, gone_at: null, seen_at: first?.["seen_at"] });
});

test("derived by a desk and derived anew they are equal to the byte", async () => {
  const own = await testDatabase();
  const lease = openLease(own.database.desk);
  await lease.take("test", at(0), 60_000);
  await lease.close();
  const journal = openJournal({ connection: own.database.desk, epoch: 1 });
  const bodies: readonly EventBody[] = [
    ...aRun,
    planned("s"),
    { kind: "order.traded", order, product: BTC, trades: [trade("e-1"), trade("e-2")] },
    quarantined("unproven"),
    closed,
    settled,
    quarantined("adjusted"),
    {
      kind: "balance.adjusted",
      currency: "BTC",
      gap: size("-0.0123"),
      sort: "pending",
      worth: null,
    },
    { kind: "external.seen", foreign: external() },
    resumed,
  ];
  await journal.append(numbered(1, bodies));
  const projector = startProjector({ connection: own.database.desk, log: quietLog() });
  await projector.caughtUp(bodies.length);
  await projector.stop();
  const { tables } = await checkProjections(own.database.desk);
  expect(tables.filter(({ difference }) => difference !== null)).toEqual([]);
  const rows = Object.fromEntries(tables.map(({ name, stored }) => [name, stored.rows]));
  expect(rows).toMatchObject({ trades: 2, adjustments: 1, external_orders: 1 });
  await journal.close();
  await own.close();
});
