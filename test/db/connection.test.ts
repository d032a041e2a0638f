/** A connection that is cut: whoever used it is told, and the process goes on. */
import { once } from "node:events";
import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../db/connect.ts";
import { openSession } from "../../src/adapters/postgres/session.ts";
import { type TestDatabase, testDatabase } from "../kit/database.ts";

let made: TestDatabase;
let proxy: Server;
const through = new Set<Socket>();

/** Stands before the server, so that a connection can be cut without a word, as SIGKILL of a server does. */
beforeAll(async () => {
  made = await testDatabase();
  proxy = standIn();
  await listening(proxy, 0);
});

function standIn(): Server {
  const { host, port } = made.database.desk;
  const place = host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  return createServer((near) => {
    const far = dial(place);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => undefined);
      one.on("close", () => other.destroy());
      one.pipe(other);
    }
    through.add(near);
  });
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return portOf(server);
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("it has no address");
  return address.port;
}

afterAll(async () => {
  for (const socket of through) socket.destroy();
  proxy.close();
  await made.close();
});

test("a program that stands still within a transaction loses its locks after five seconds", async () => {
  const client = connect(made.database.desk, { name: "still" });
  const [row] = await client`show idle_in_transaction_session_timeout`;
  expect(row).toEqual({ idle_in_transaction_session_timeout: "5s" });
  await client.end();
});

test("a transaction whose connection is cut rejects, and the client connects again", async () => {
  const spec = { ...made.database.desk, host: "127.0.0.1", port: portOf(proxy) };
  const client = connect(spec, { name: "cut" });
  const cut = (how: (socket: Socket) => void): void => through.forEach(how);
  for (const how of [
    (one: Socket) => void one.end(),
    (one: Socket) => void one.resetAndDestroy(),
  ]) {
    const work = client.begin(async (turn) => {
      await turn`select 1`;
      setTimeout(() => cut(how), 20);
      await turn`select pg_sleep(5)`;
    });
    await expect(work).rejects.toThrow();
    await sleep(50);
    expect(await client`select 1 as one`).toEqual([{ one: 1 }]);
  }
  await client.end({ timeout: 1 });
});

test("a client whose server is away rejects every statement, and connects when it is back", async () => {
  const away = standIn();
  const port = await listening(away, 0);
  await new Promise((resolve) => away.close(resolve));
  const spec = { ...made.database.desk, host: "127.0.0.1", port };
  const client = connect(spec, { name: "away" });
  for (let i = 0; i < 3; i += 1) {
    await expect(client`select 1`.execute()).rejects.toThrow(/ECONNREFUSED/);
    await expect(client.begin((turn) => turn`select 1`)).rejects.toThrow(/ECONNREFUSED/);
  }
  await listening(away, port);
  expect(await client`select 1 as one`).toEqual([{ one: 1 }]);
  await client.end({ timeout: 1 });
  away.close();
});

/** Of this process and this name, as the server sees them. */
async function connections(name: string): Promise<number> {
  const client = connect(made.database.owner, { name: "test count" });
  const [row] = await client<{ open: number }[]>`
    select count(*)::int as open from pg_stat_activity where application_name like ${`% ${name}`}`;
  await client.end();
  return row?.open ?? -1;
}

test("a client that is ended while statements wait leaves no connection behind", async () => {
  const client = connect(made.database.desk, { name: "crowded" });
  await client`select 1`;
  const asked = [1, 2, 3].map((n) => client`select ${n}::int, pg_sleep(0.02)`.execute());
  asked.push(client.begin((turn) => turn`select 1`) as never);
  const settled = Promise.allSettled(asked);
  await client.end({ timeout: 1 });
  await settled;
  await expect.poll(() => connections("crowded"), { timeout: 2_000 }).toBe(0);
});

test("a client that is ended while it connects does not connect any more", async () => {
  const spec = { ...made.database.desk, host: "127.0.0.1", port: portOf(proxy) };
  const before = new Set(through);
  for (const _ of [1, 2, 3]) {
    const client = connect(spec, { name: "hasty" });
    const refused = expect(client`select 1`.execute()).rejects.toThrow();
    await client.end({ timeout: 0 });
    await refused;
  }
  await sleep(100);
  const left = [...through].filter((socket) => !before.has(socket) && !socket.destroyed);
  expect(left).toHaveLength(0);
});

test("what a session was asked before it is closed is done, nothing after it, and no connection stays", async () => {
  const session = openSession(made.database.desk, { name: "closing", timeoutMs: 2_000 });
  const asked = [1, 2, 3].map((n) =>
    session.run((client) => client<{ n: number }[]>`select ${n}::int as n, pg_sleep(0.02)`),
  );
  const turn = session.run((client) => client.begin((one) => one`select 4 as n`));
  const closed = session.close();
  await expect(session.run((client) => client`select 5`)).rejects.toThrow(/closed/);
  await closed;
  const rows = await Promise.all([...asked, turn]);
  expect(rows.map(([row]) => row?.["n"])).toEqual([1, 2, 3, 4]);
  await expect.poll(() => connections("closing"), { timeout: 2_000 }).toBe(0);
});
