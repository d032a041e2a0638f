/** A database of its own for a test file or a test: a copy of the migrated template, on the run's one server. */
import { connect } from "../../db/connect.ts";
import type { Database } from "../../db/database.ts";
import { databaseUrl } from "../../db/url.ts";
import { searchDatabase } from "./canaries.ts";
import type { TestServer } from "./global-setup.ts";
import { testServer } from "./test-server.ts";

export interface TestDatabase {
  readonly database: Database;
  /** DATABASE_URL for a desk that is started as a process of its own. */
  readonly url: string;
  /** Drops it, whoever is still connected. */
  close(): Promise<void>;
}

let made = 0;

/** Takes some tens of milliseconds. @param server the run's own unless told */
export async function testDatabase(
  server: Pick<TestServer, "admin" | "owner" | "desk" | "template"> = testServer(),
): Promise<TestDatabase> {
  made += 1;
  const name = `claudbot_test_${process.pid}_${made}`;
  const run = async (text: string): Promise<void> => {
    const client = connect(server.admin, { name: "test kit" });
    try {
      await client.unsafe(text);
    } finally {
      await client.end({ timeout: 1 });
    }
  };
  await run(`create database ${name} template ${server.template} owner ${server.owner.user}`);
  const owner = { ...server.owner, database: name };
  return {
    database: {
      owner,
      desk: { ...server.desk, database: name },
      where: `the test server, database ${name}`,
      embedded: false,
      close: async () => {},
    },
    url: databaseUrl(owner),
    async close() {
      await searchDatabase({ ...server.owner, database: name });
      await run(`drop database if exists ${name} with (force)`);
    },
  };
}
