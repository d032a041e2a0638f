/** A connection that is cut: whoever used it is told, and the process goes on. */
import { once } from "node:events";
import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../db/connect.ts";
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
