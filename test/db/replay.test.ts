/** The journal is proved against what is derived from it: what was spoiled is found and put right, the truth is not touched. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Client, connect, orm } from "../../db/connect.ts";
import { orders } from "../../db/projections.ts";
import { events as eventRows } from "../../db/schema.ts";
import { openJournal, type PostgresJournal } from "../../src/adapters/postgres/journal.ts";
import { openLease, type PostgresLease } from "../../src/adapters/postgres/lease.ts";
import { rebuildProjections, startProjector } from "../../src/adapters/postgres/projector.ts";
import { checkProjections } from "../../src/adapters/postgres/rebuilt.ts";
import { openScratch } from "../../src/adapters/postgres/scratch.ts";
import { replay } from "../../src/cli/replay.ts";
import { readEnv } from "../../src/config/env.ts";
import { encodeDesk } from "../../src/core/engine/codec.ts";
import { newState } from "../../src/core/engine/state.ts";
import { step } from "../../src/core/engine/step.ts";
import { recover } from "../../src/run/recover.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { quietLog } from "../kit/quiet-log.ts";
import { aDay, CROSS } from "../kit/recorded.ts";
import { at } from "./samples.ts";

let made: TestDatabase;
let spy: Client;
let lease: PostgresLease;
let journal: PostgresJournal;
let last: number;

const events = (() => {
  const state = newState(CROSS);
  return aDay().flatMap((input) => step(state, input).events);
})();

/** Lets a projector derive everything there is. */
async function derived(): Promise<void> {
  const projector = startProjector({ connection: made.database.desk, log: quietLog() });
  await projector.caughtUp(last);
  await projector.stop();
}

beforeAll(async () => {
  made = await testDatabase();
  spy = connect(made.database.owner, { name: "spy" });
  lease = openLease(made.database.desk);
  await lease.take("another-machine:1:2:3:4:5", at(0), 1e12);
  journal = openJournal({ connection: made.database.desk, epoch: 1 });
  await journal.append(events);
  last = events.length;
  await derived();
});
afterAll(async () => {
  await journal.close();
  await lease.close();
  await spy.end();
  await made.close();
});
beforeEach(async () => {
  await spy`delete from claudbot.checkpoints`;
});

async function run(line: string) {
  let out = "";
  const say = (text: string): void => {
    out += text;
  };
  const variables = { DATABASE_URL: made.url, LOG_LEVEL: "error", DEPLOY_ID: "testdesk" };
  const env = () => readEnv({ variables, files: [] });
  const code = await replay(line.split(" ").filter(Boolean), { env, out: say, err: say });
  return { code, out };
}

test("what was derived is what is derived anew, row by row, and said so with a hash for each table", async () => {
  const { upTo, last: end, tables } = await checkProjections(made.database.desk);
  expect([upTo, end]).toEqual([last, last]);
  expect(tables.map(({ name }) => name).sort()).toEqual([
    ...["adjustments", "audit", "balances", "confirmations", "external_orders", "fills", "intents"],
    ...["orders", "positions", "risk_snapshots", "trades"],
  ]);
  for (const { stored, rebuilt, difference } of tables) {
    expect(difference).toBeNull();
    expect(rebuilt).toEqual(stored);
  }
  const rows = Object.fromEntries(tables.map(({ name, stored }) => [name, stored.rows]));
  const [row] = await spy`select count(*)::int as fills from claudbot.fills`;
  expect(rows["fills"]).toBe(row?.["fills"]);
  expect(rows["fills"]).toBeGreaterThan(2);
  const { code, out } = await run("");
  expect(code).toBe(0);
  expect(out).toMatch(/fills +\d+ rows {2}[0-9a-f]{16} {2}equal/);
  expect(out).toContain(`projections up to event ${last} of ${last}`);
});

test.each([
  [
    "a changed figure",
    "update claudbot.fills set fee = fee + 0.000000000000000001 where seq = (select min(seq) from claudbot.fills)",
  ],
  [
    "another scale of the same number",
    "update claudbot.orders set size = size::text::numeric + 0.00000000000000000000 where seq = (select min(seq) from claudbot.orders)",
  ],
  [
    "a row that is missing",
    "delete from claudbot.intents where seq = (select max(seq) from claudbot.intents)",
  ],
  [
    "a row too many",
    "insert into claudbot.balances (currency, available, hold, at, seq) values ('XYZ', 1, 0, now(), 1)",
  ],
])("%s is found, with both sides, and put right by --fix", async (_what, spoil) => {
  await spy.unsafe(spoil);
  const seen = await run("");
  expect(seen.code).toBe(1);
  expect(seen.out.match(/DIFFERENT/g)).toHaveLength(1);
  expect(seen.out).toMatch(/stored {3}(\{.+\}|no such row)\n {4}derived {2}(\{.+\}|no such row)/);
  await lease.release();
  const mended = await run("--fix --yes");
  expect(mended.code).toBe(0);
  expect(mended.out).toMatch(/the projections were derived anew\n(?!.*DIFFERENT)/s);
  await lease.take("another-machine:1:2:3:4:5", at(0), 1e12);
});

test("nothing is put right while a desk holds the lease", async () => {
  await spy`update claudbot.orders set detail = 'spoiled'`;
  const refused = await run("--fix --yes");
  expect(refused.code).toBe(1);
  expect(refused.out).toContain("replay: a desk runs on this database (another-machine");
  const [row] =
    await spy`select count(*)::int as left from claudbot.orders where detail = 'spoiled'`;
  expect(row?.["left"]).toBeGreaterThan(2);
  await rebuildProjections(made.database.desk);
});

test("projections that are behind are compared as far as they are", async () => {
  const at = last;
  await journal.close();
  const [{ epoch }] = (await spy`select epoch from claudbot.lease`) as unknown as [
    { epoch: string },
  ];
  journal = openJournal({ connection: made.database.desk, epoch: Number(epoch) });
  const more = events.slice(0, 3).map((event, index) => ({ ...event, seq: at + 1 + index }));
  await journal.append(more);
  const behind = await run("");
  expect(behind.code).toBe(0);
  expect(behind.out).toContain(`up to event ${at} of ${at + 3}; the desk derives the other 3`);
  last = at + 3;
  await derived();
  expect((await checkProjections(made.database.desk)).upTo).toBe(at + 3);
});

test("a desk that derives and appends meanwhile is neither held up nor mistaken for a difference", async () => {
  const projector = startProjector({ connection: made.database.desk, log: quietLog() });
  const measured = events.find(({ body }) => body.kind === "risk.measured");
  if (!measured) throw new Error("the day measures nothing");
  let over = false;
  const writing = (async () => {
    while (!over) {
      last += 1;
      await journal.append([{ ...measured, seq: last }]);
      projector.nudge();
    }
  })();
  const first = last;
  try {
    for (let i = 0; i < 3; i += 1) {
      const { tables } = await checkProjections(made.database.desk);
      expect(tables.filter(({ difference }) => difference !== null)).toEqual([]);
    }
  } finally {
    over = true;
    await writing;
  }
  await projector.caughtUp(last);
  await projector.stop();
  expect(last).toBeGreaterThan(first + 3);
});

test("a checkpoint that knows something else than the events is found", async () => {
  const { desk } = await recover(journal);
  const body = encodeDesk({ ...desk, lossStreak: desk.lossStreak + 1 });
  await journal.writeCheckpoint({ seq: desk.seq, at: at(0), body });
  const { code, out } = await run("");
  expect(code).toBe(1);
  expect(out).toMatch(/DIFFERENT, checkpoint and first event: \.lossStreak: \d and \d/);
  await journal.writeCheckpoint({ seq: desk.seq, at: at(0), body: encodeDesk(desk) });
  expect((await run("")).out).toContain(`from checkpoint at ${desk.seq}: equal`);
});

test("the connection that derives anew cannot write to a true table, even where the statement names one", async () => {
  const scratch = await openScratch(made.database.desk);
  const plain = connect(made.database.desk, { name: "spy" });
  try {
    const database = orm(scratch.client);
    await database.delete(orders);
    await scratch.tidy();
    await expect(database.delete(eventRows)).rejects.toMatchObject({
      cause: { message: expect.stringContaining("read-only transaction") },
    });
    expect(await database.select().from(orders)).toEqual([]);
    const [row] = await plain`select count(*)::int as orders from claudbot.orders`;
    expect(row?.["orders"]).toBeGreaterThan(2);
  } finally {
    await plain.end();
    await scratch.close();
  }
});

test("flags that do not go together are refused", async () => {
  for (const line of ["--yes", "--journal", "--run x --fix", "--nonsense"]) {
    expect((await run(line)).code).toBe(64);
  }
  expect((await run("--run /nowhere")).out).toContain("/nowhere cannot be read");
});
