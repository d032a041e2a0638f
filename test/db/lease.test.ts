/** One desk at a time: the lease is taken when it was given back, or when nothing of it has changed since it was seen. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connect } from "../../db/connect.ts";
import { openLease, type PostgresLease } from "../../src/adapters/postgres/lease.ts";
import { claimDatabase } from "../../src/adapters/postgres/meta.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { at } from "./samples.ts";

const TTL = 10_000;
let made: TestDatabase;
let ours: PostgresLease;
let theirs: PostgresLease;

beforeAll(async () => {
  made = await testDatabase();
  ours = openLease(made.database.desk);
  theirs = openLease(made.database.desk);
});
afterAll(async () => {
  await Promise.all([ours.close(), theirs.close()]);
  await made.close();
});
beforeEach(async () => {
  const owner = connect(made.database.owner, { name: "reset" });
  await owner`update claudbot.lease set epoch = 0, expires_at = to_timestamp(0)`;
  await owner.end();
});

test("the first to take it holds epoch one", async () => {
  expect(await ours.take("us", at(0), TTL)).toEqual({
    ok: true,
    value: { epoch: 1, holder: "us", expiresAt: at(TTL) },
  });
});

test("a second desk is told who holds it, whatever its own clock says", async () => {
  await ours.take("us", at(0), TTL);
  const held = { epoch: 1, holder: "us", expiresAt: at(TTL) };
  expect(await theirs.look()).toEqual(held);
  for (const now of [0, TTL - 1, TTL, 100 * TTL]) {
    expect(await theirs.take("them", at(now), TTL)).toEqual({ ok: false, error: held });
  }
});

test("a lease that stayed as it was seen can be taken, and the epoch rises; its time is the new holder's", async () => {
  await ours.take("us", at(50 * TTL), TTL);
  const seen = await theirs.look();
  expect(await theirs.take("them", at(0), TTL, seen)).toEqual({
    ok: true,
    value: { epoch: 2, holder: "them", expiresAt: at(TTL) },
  });
});

test("a lease that was renewed since it was seen cannot be taken", async () => {
  await ours.take("us", at(0), TTL);
  const seen = await theirs.look();
  await ours.renew(at(1), TTL);
  expect(await theirs.take("them", at(TTL), TTL, seen)).toMatchObject({
    ok: false,
    error: { holder: "us", expiresAt: at(TTL + 1) },
  });
});

test("of two that saw the same end only one takes it", async () => {
  await ours.take("us", at(0), TTL);
  const seen = await theirs.look();
  const third = openLease(made.database.desk);
  const answers = await Promise.all([
    theirs.take("them", at(TTL), TTL, seen),
    third.take("third", at(TTL), TTL, seen),
  ]);
  expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
  await third.close();
});

test("of many that take it at once exactly one holds it", async () => {
  const desks = Array.from({ length: 6 }, () => openLease(made.database.desk));
  const answers = await Promise.all(desks.map((desk, n) => desk.take(`desk ${n}`, at(0), TTL)));
  expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
  await Promise.all(desks.map((desk) => desk.close()));
});

test("renewing extends it, also after it ran out unnoticed", async () => {
  await ours.take("us", at(0), TTL);
  expect(await ours.renew(at(5_000), TTL)).toMatchObject({
    ok: true,
    value: { epoch: 1, expiresAt: at(15_000) },
  });
  expect(await ours.renew(at(20_000), TTL)).toMatchObject({ ok: true });
  expect(await theirs.take("them", at(90_000), TTL)).toMatchObject({ ok: false });
});

test("renewing after a takeover says that it is lost, and does not disturb the new holder", async () => {
  await ours.take("us", at(0), TTL);
  await theirs.take("them", at(TTL), TTL, await theirs.look());
  expect(await ours.renew(at(TTL + 1), TTL)).toEqual({ ok: false, error: { kind: "lost" } });
  await ours.release();
  expect(await ours.take("us", at(TTL + 2), TTL)).toMatchObject({
    ok: false,
    error: { holder: "them" },
  });
});

test("a released lease can be taken at once", async () => {
  await ours.take("us", at(0), TTL);
  await ours.release();
  expect(await theirs.take("them", at(1), TTL)).toMatchObject({ ok: true, value: { epoch: 2 } });
});

test("a database belongs to one mode for ever, while the desk's name may change", async () => {
  const { desk } = made.database;
  expect(await claimDatabase(desk, { mode: "paper", name: "nyc1" }, at(0))).toMatchObject({
    ok: true,
  });
  expect(await claimDatabase(desk, { mode: "paper", name: "nyc2" }, at(1))).toMatchObject({
    ok: true,
  });
  expect(await claimDatabase(desk, { mode: "live", name: "nyc2" }, at(2))).toEqual({
    ok: false,
    error: { mode: "paper", name: "nyc2" },
  });
});
