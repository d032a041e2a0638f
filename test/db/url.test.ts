/** DATABASE_URL: what is understood, and what is said when it cannot be used. */
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type ConnectionSpec, connect } from "../../db/connect.ts";
import { type Database, openDatabase } from "../../db/database.ts";
import { databaseUrl, parseDatabaseUrl } from "../../db/url.ts";
import { openJournal } from "../../src/adapters/postgres/journal.ts";
import { openLease } from "../../src/adapters/postgres/lease.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";
import { at, numbered, paused } from "./samples.ts";

const log = { info() {}, warn() {} };
const PASSWORD = "s3cret/p@ss word";

const open = (url: string, fresh = false): Promise<Database> =>
  openDatabase({ url, dataFolder: "/nowhere", databaseName: "claudbot_demo", fresh, log });

async function complaint(url: string): Promise<string> {
  const message = await open(url).then(
    () => "it opened",
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : "no error"),
  );
  expect(message).toMatch(/^DatabaseError: /);
  expect(message).not.toContain("\n");
  expect(message).not.toContain("s3cret");
  return message;
}

describe("addresses", () => {
  const spec: ConnectionSpec = {
    host: "db.example.com",
    port: 6543,
    database: "claud bot",
    user: "a:na",
    password: PASSWORD,
    role: null,
    ssl: "require",
  };

  test.each([
    ["a server", spec],
    [
      "a unix socket",
      { ...spec, host: "/var/run/my sockets", port: 5432, ssl: "disable" as const },
    ],
    ["an IPv6 address", { ...spec, host: "::1", ssl: "disable" as const }],
  ])("the address of %s is read as it was written", (_, given) => {
    expect(parseDatabaseUrl(databaseUrl(given))).toEqual(given);
  });

  test("a remote server is asked for encryption when the address does not say", () => {
    expect(parseDatabaseUrl("postgres://u:p@db.example.com/x")).toMatchObject({
      port: 5432,
      ssl: "prefer",
    });
    expect(parseDatabaseUrl("postgres://u:p@localhost/x")).toMatchObject({ ssl: "disable" });
  });

  test("an @ in a password need not be encoded", () => {
    expect(parseDatabaseUrl("postgres://u:p@ss@host/x")).toMatchObject({
      host: "host",
      password: "p@ss",
    });
  });

  test.each([
    "mysql://u:s3cret@host/x",
    "s3cret",
    "postgresql://:s3cret@host/x",
    "postgresql://u:s3cret@host",
    "postgresql://u:s3cret%zz@host/x",
    "postgresql://u:s3cret@a,b/x",
    "postgresql://u:s3cret@host:99999/x",
    "postgresql://u:s3cret@host/x?sslmode=maybe",
  ])("%s is refused with the right form, without the password", async (url) => {
    expect(await complaint(url)).toContain("postgresql://user:password@host:5432/database");
  });
});

describe("a server that cannot be used", () => {
  const url = (over: Partial<ConnectionSpec>): string =>
    databaseUrl({ ...inject("testServer").admin, ...over });

  test("one that does not listen is named, without the password", async () => {
    const message = await complaint(url({ host: "127.0.0.1", port: 9, password: PASSWORD }));
    expect(message).toMatch(/does not answer \(127\.0\.0\.1:9.*start it.*DATABASE_URL/);
  });

  test("a socket folder without a server is named", async () => {
    expect(await complaint(url({ host: "/tmp/none-here" }))).toContain("/tmp/none-here");
  });

  test("a wrong password is said, and not shown", async () => {
    expect(await complaint(url({ password: PASSWORD }))).toMatch(/refused the login.*password/);
  });

  test("an unknown database is said", async () => {
    expect(await complaint(url({ database: "nosuch" }))).toMatch(/no such database.*create it/);
  });

  test("something that is no Postgres is said in one line", async () => {
    const stranger = createServer((socket) => {
      socket.on("error", () => {});
      socket.resume().end("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const address = stranger.address();
    const port = typeof address === "object" && address ? address.port : 0;
    await complaint(url({ host: "127.0.0.1", port, ssl: "disable", password: PASSWORD }));
    await new Promise((resolve) => stranger.close(resolve));
  });
});

describe("a server of somebody else", () => {
  let made: TestDatabase;
  let plain: string;

  beforeAll(async () => {
    made = await testDatabase();
    const admin = connect(inject("testServer").admin, { name: "url test" });
    await admin`drop role if exists plain_user`;
    await admin`create role plain_user login password 'plain'`;
    await admin.unsafe(`create database plain_${process.pid} owner plain_user template template0`);
    await admin.end();
    plain = databaseUrl({
      ...inject("testServer").admin,
      database: `plain_${process.pid}`,
      user: "plain_user",
      password: "plain",
    });
  });
  afterAll(async () => {
    const admin = connect(inject("testServer").admin, { name: "url test" });
    await admin.unsafe(`drop database plain_${process.pid} with (force)`);
    await admin`drop role plain_user`;
    await admin.end();
    await made.close();
  });

  test("the desk acts as its own role when the user may arrange it", async () => {
    const database = await open(made.url);
    expect(database).toMatchObject({ embedded: false, desk: { role: "claudbot_desk" } });
    const desk = connect(database.desk, { name: "desk" });
    expect(await desk`select current_user as name`).toMatchObject([{ name: "claudbot_desk" }]);
    await expect(desk`delete from claudbot.events`).rejects.toThrow(/permission denied/);
    await desk.end();
    await database.close();
  });

  test("where it may not, the desk goes on as the user, and events still cannot be changed", async () => {
    const database = await open(plain);
    expect(database.desk.role).toBeNull();
    const lease = openLease(database.desk);
    await lease.take("us", at(0), 1_000);
    const journal = openJournal({ connection: database.desk, epoch: 1 });
    expect(await journal.append(numbered(1, [paused("x")]))).toMatchObject({ ok: true });
    const desk = connect(database.desk, { name: "desk" });
    await expect(desk`update claudbot.events set kind = 'x'`).rejects.toThrow(/append only/);
    await Promise.all([desk.end(), journal.close(), lease.close()]);
  });

  test("a demo that begins afresh empties its own tables, and never another mode's", async () => {
    const emptied = await open(plain, true);
    const owner = connect(emptied.owner, { name: "owner" });
    expect(await owner`select from claudbot.events`).toHaveLength(0);
    await owner`insert into claudbot.meta (mode, name, created_at) values ('live', 'nyc1', now())`;
    await owner.end();
    await expect(open(plain, true)).rejects.toThrow(/holds a live desk and is not wiped for demo/);
    await open(plain, false);
  });
});
