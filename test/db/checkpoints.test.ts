/** Checkpoints that cannot be used: another version, a torn one, one of another event. None of them stops a start. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Client, connect } from "../../db/connect.ts";
import { CHECKPOINT_FORMAT } from "../../src/adapters/postgres/checkpoints.ts";
import { openJournal } from "../../src/adapters/postgres/journal.ts";
import { openLease } from "../../src/adapters/postgres/lease.ts";
import { encodeDesk } from "../../src/core/engine/codec.ts";
import { newDesk } from "../../src/core/engine/desk.ts";
import { quote, size } from "../../src/core/kernel/money.ts";
import { recover } from "../../src/run/recover.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { at, numbered, paused } from "./samples.ts";

let made: TestDatabase;
let journal: ReturnType<typeof openJournal>;
let lease: ReturnType<typeof openLease>;
let spy: Client;

const body = (seq: number): string =>
  encodeDesk({
    ...newDesk(),
    seq,
    peakEquity: quote("5000.000000000000000001"),
    balances: new Map([["USD", { available: size("0.1"), hold: size("0") }]]),
  });

beforeAll(async () => {
  made = await testDatabase();
  spy = connect(made.database.owner, { name: "spy" });
  lease = openLease(made.database.desk);
  const taken = await lease.take("test", at(0), 60_000);
  if (!taken.ok) throw new Error("the lease is free");
  journal = openJournal({ connection: made.database.desk, epoch: taken.value.epoch });
  await journal.append(numbered(1, ["a", "b", "c", "d"].map(paused)));
});
beforeEach(async () => {
  await spy`truncate claudbot.checkpoints`;
  for (const seq of [2, 3, 4]) await journal.writeCheckpoint({ seq, at: at(seq), body: body(seq) });
});
afterAll(async () => {
  await Promise.all([journal.close(), lease.close(), spy.end()]);
  await made.close();
});

test("the newest is read back to the last digit", async () => {
  expect(await journal.latestCheckpoint()).toEqual({ seq: 4, at: at(4), body: body(4) });
  const [row] = await spy<{ v: number }[]>`
    select (body::jsonb->'v')::int as v from claudbot.checkpoints where seq = 4`;
  expect(row?.v).toBe(CHECKPOINT_FORMAT);
});

test.each<[string, string]>([
  ["of another version", `{"v":${CHECKPOINT_FORMAT + 1},"desk":${body(4)}}`],
  ["without a version", body(4)],
  ["torn", `{"v":${CHECKPOINT_FORMAT},"desk":${body(4).slice(0, 50)}`],
  ["torn at a brace", `{"v":${CHECKPOINT_FORMAT},"desk":{"seq":4,"x":{}}`],
  ["with an amount that is none", `{"v":${CHECKPOINT_FORMAT},"desk":{"seq":4,"peak":{"$n":"?"}}}`],
  ["of another event", `{"v":${CHECKPOINT_FORMAT},"desk":${body(3)}}`],
  ["empty", ""],
])("a newest one %s is passed over for the next older one", async (_, odd) => {
  await spy`update claudbot.checkpoints set body = ${odd} where seq = 4`;
  expect(await journal.latestCheckpoint()).toEqual({ seq: 3, at: at(3), body: body(3) });
});

test("with none that can be read, the desk is folded from the first event", async () => {
  await spy`update claudbot.checkpoints set body = '{"v":0}'`;
  expect(await journal.latestCheckpoint()).toBeNull();
  const { desk, replayed } = await recover(journal);
  expect([desk.seq, replayed]).toEqual([4, 4]);
});

/** Keys of version 4. When this fails, raise the version and write down the new keys. */
const KEYS =
  "acceptedAt alarm approved balances closed codeSteps confirmations counts day distrusted duty external fills " +
  "forgottenUntil halted handled killed killing lastEntry lastStop lossStreak makerRate mode name orders paused " +
  "pauses peakEquity policy policyPrint policyVersion positions products raises realizedByMinute recentCancels " +
  "recentOrders rejectStreak routes sameRefusals seq setBy stage strangers suspended takerRate temporary trips";

test("a change of the desk's shape raises the version", () => {
  expect([CHECKPOINT_FORMAT, Object.keys(newDesk()).sort().join(" ")]).toEqual([4, KEYS]);
});
