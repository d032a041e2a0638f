/** The verb `reconcile` against a loopback exchange and a journal, with differences planted on either side. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Client, connect } from "../../db/connect.ts";
import { signingKey } from "../../src/adapters/coinbase/keys.ts";
import { openJournal } from "../../src/adapters/postgres/journal.ts";
import { openLease } from "../../src/adapters/postgres/lease.ts";
import { systemTimers } from "../../src/adapters/system/timers.ts";
import { leaveNote } from "../../src/cli/kill-demo.ts";
import { reconcile } from "../../src/cli/reconcile.ts";
import { readEnv } from "../../src/config/env.ts";
import type { EventBody } from "../../src/core/engine/event.ts";
import { orderId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { price, rate, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Plan } from "../../src/core/order/state.ts";
import { call, type Json, limit, orderBody } from "../exchange/caller.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { PLAN } from "../kit/sample-desk.ts";
import { closedPort, type Patient, patient } from "./doctor-kit.ts";

let made: TestDatabase;
let at: Patient;
let spy: Client;
let events: EventBody[];

beforeEach(async () => {
  made = await testDatabase();
  at = await patient({ balances: { USD: "1000", USDC: "0" } });
  spy = connect(made.database.owner, { name: "spy" });
  events = [reconciled];
});
afterEach(async () => {
  await spy.end();
  await at[Symbol.asyncDispose]();
  await made.close();
});

const reconciled: EventBody = {
  kind: "venue.reconciled",
  products: [],
  balances: [{ currency: "USD", available: size("1000"), hold: size("0") }],
  takerRate: rate("0"),
  makerRate: rate("0"),
  differences: [],
  first: true,
};

/** Timers that do not keep a test waiting. */
const AT_ONCE = {
  ...systemTimers,
  after: (_ms: number, run: () => void) => systemTimers.after(0, run),
};

async function run(line = "", more: Readonly<Record<string, string>> = {}) {
  const said = { out: "", err: "" };
  const variables = {
    ...at.settings,
    DATABASE_URL: made.url,
    DEPLOY_ID: "testdesk",
    PRODUCTS: "BTC-USD",
    LOG_LEVEL: "error",
    ...more,
  };
  const shell = {
    env: () => readEnv({ variables, files: [] }),
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
  };
  const code = await reconcile(line.split(" ").filter(Boolean), shell, AT_ONCE);
  return { code, ...said, lines: said.out.trimEnd().split("\n") };
}

async function post(path: string, body: Json): Promise<Json> {
  const { json } = await call({ rest: at.exchange.rest, key: at.exchange }, "POST", path, body);
  return json;
}

/** Resting at the exchange. @returns the exchange's id of it */
async function placed(name: string): Promise<string> {
  const configuration = limit("0.01", "1000");
  const json = await post("/orders", orderBody({ id: `testdesk-${name}`, configuration }));
  return String((json["success_response"] as Json)["order_id"]);
}

/** The journal has it as resting there. */
function known(name: string, venueId: string): void {
  const now = instant(Date.now());
  const plan: Plan = {
    ...PLAN,
    id: orderId(`testdesk-${name}`),
    size: size("0.01"),
    limit: price("1000"),
    timeInForce: "gtc",
    plannedAt: now,
    validUntil: now,
  };
  const to = { order: plan.id, venueId: venueOrderId(venueId) };
  events.push(
    { kind: "order.planned", plan, because: "", by: null },
    { kind: "order.acknowledged", ...to },
    { kind: "order.progressed", ...to, progress: "open" },
  );
}

/** Another desk runs and holds the lease. */
async function journaled(): Promise<void> {
  const lease = openLease(made.database.desk);
  await lease.take("another-machine:1:2:3:4:5", instant(Date.now()), 1e12);
  await lease.close();
  const journal = openJournal({ connection: made.database.desk, epoch: 1 });
  const now = instant(Date.now());
  await journal.append(events.map((body, index) => ({ seq: index + 1, at: now, body })));
  await journal.close();
}

test("nothing differs beside a running desk: nothing is written, migrated, placed or cancelled", async () => {
  known("a", await placed("a"));
  await journaled();
  // A table that is brought up to date again would not be made twice.
  await spy`delete from claudbot.migrations`;
  const before =
    await spy`select (select count(*) from claudbot.events) as events, lease.* from claudbot.lease`;
  expect(await run()).toMatchObject({
    code: 0,
    err: "",
    out: "nothing differs: 1 order, 0 trades, 2 balances compared; 0 quarantined, 0 unsettled, 0 not ours\n",
  });
  const after =
    await spy`select (select count(*) from claudbot.events) as events, lease.* from claudbot.lease`;
  expect([...after]).toEqual([...before]);
  expect(at.exchange.ledger.orders.map(({ status }) => status)).toEqual(["OPEN"]);
});

test("each planted difference is one line with both sides, and the totals come last", async () => {
  const cancelled = await placed("cancelled");
  known("cancelled", cancelled);
  await post("/orders/batch_cancel", { order_ids: [cancelled] });
  const isCancelled = (): boolean =>
    at.exchange.ledger.orders.some(
      (row) => row.orderId === cancelled && row.status === "CANCELLED",
    );
  await vi.waitUntil(isCancelled, { timeout: 10_000, interval: 10 });
  known("filled", await placed("filled"));
  at.exchange.control.trade("BTC-USD", "1000", "0.01");
  await placed("stranger");
  known("gone", "00000000-0000-4000-8000-000000000000");
  known("held", await placed("held"));
  events.push({
    kind: "order.quarantined",
    order: orderId("testdesk-held"),
    product: PLAN.product,
    why: "two-orders",
    detail: "",
  });
  at.exchange.control.transfer("USD", "-5");
  const other = at.exchange.control.placeElsewhere({
    product: "BTC-USD",
    side: "BUY",
    size: "0.01",
    limit: "500",
  });
  await journaled();
  const { code, err, lines } = await run();
  expect([code, err]).toEqual([1, ""]);
  const has = (pattern: RegExp) => expect(lines).toContainEqual(expect.stringMatching(pattern));
  has(/^order testdesk-cancelled: ours open; theirs cancelled$/);
  has(/^order testdesk-filled: ours open; theirs filled$/);
  has(/^order testdesk-filled: ours executed 0 .*; theirs executed 0\.01 worth 10, fees 0\.\d+$/);
  has(/^trade \w+: ours nothing; theirs buy 0\.01 BTC-USD at 1000, .* order testdesk-filled$/);
  has(/^stranger testdesk-stranger: ours never sent; theirs open$/);
  has(/^order testdesk-gone: ours open; theirs nothing$/);
  has(/^quarantined testdesk-held: ours two-orders; theirs open, executed 0$/);
  has(/^balance USD: ours 1000; theirs 98\d\.\d+$/);
  has(/^balance BTC: ours 0; theirs 0\.01$/);
  has(new RegExp(`^external ${other}: ours nothing; theirs buy in BTC-USD, worth up to 5$`));
  expect(lines).toHaveLength(11);
  expect(lines.at(-1)).toMatch(
    /^10 differences: 4 orders, 1 trade, 2 balances compared; 1 quarantined, 0 unsettled, 1 not ours$/,
  );
});

test("a side that cannot be read ends with 2 and one line, and is no verdict", async () => {
  await journaled();
  const rest = `http://127.0.0.1:${await closedPort()}`;
  const venue = await run("", { COINBASE_API_BASE: rest });
  expect(venue).toMatchObject({ code: 2, out: "" });
  expect(venue.err).toMatch(/^reconcile: the venue cannot be read: .*\n$/);
  const database = await run("", {
    DATABASE_URL: made.url.replace(/claudbot_test_\w+/, "nowhere"),
  });
  expect(database).toMatchObject({ code: 2, out: "" });
  expect(database.err).toMatch(/^reconcile: .*no such database.*\n$/);
  await spy`alter schema claudbot rename to elsewhere`;
  const tables = await run();
  await spy`alter schema elsewhere rename to claudbot`;
  expect(tables).toMatchObject({ code: 2, out: "" });
  expect(tables.err).toMatch(/^reconcile: the journal in .* cannot be read/);
  const own = await run("", { DATABASE_URL: "" });
  expect(own).toMatchObject({ code: 2, out: "" });
  expect(own.err).toMatch(/no desk of that profile has run there/);
});

test("what is asked wrongly ends with 64 and says how to ask", async () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["--since yesterday", /--since cannot be "yesterday"/],
    ["--since 90d", /31d at most/],
    ["now", /what is "now" for\?/],
    ["--profile paper", /fills its orders inside the program/],
  ];
  for (const [line, why] of wrong) {
    expect(await run(line)).toMatchObject({ code: 64, out: "", err: expect.stringMatching(why) });
  }
});

test("the exchange of a demo is found while that demo runs, and is a side that cannot be read when none does", async () => {
  known("a", await placed("a"));
  await journaled();
  const own = { COINBASE_API_BASE: "", COINBASE_WS_URL: "", COINBASE_WS_USER_URL: "" };
  expect(await run("", own)).toMatchObject({
    code: 2,
    err: "reconcile: no demo runs here, and its exchange runs only while it does\n",
  });
  const folder = join(at.folder, "data", "demo");
  mkdirSync(folder);
  const { exchange, settings } = at;
  const key = signingKey({
    name: exchange.keyName,
    secret: settings["COINBASE_API_SECRET"] ?? "",
  });
  const away = leaveNote(join(folder, "exchange-ledger.jsonl"), { rest: exchange.rest, key });
  expect(await run("", own)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^nothing differs/),
  });
  away();
});
