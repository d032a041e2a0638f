/**
 * Brings the tables to what this program expects, one process at a time, and gives the desk's role its rights. It must
 * be run by the owner of the tables.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import { type Client, type ConnectionSpec, connect, orm } from "./connect.ts";
import { grantDesk } from "./grants.ts";

/** Any fixed number: the key under which processes take turns. */
const TURN = 7_203_911;
const STATEMENT_TIMEOUT_MS = 120_000;

/** Idempotent. Rejects with the driver's error when the account may not create the schema `claudbot`. */
export async function migrate(owner: ConnectionSpec): Promise<void> {
  const turn = connect(owner, { name: "migrate turn", statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  const client = connect(owner, { name: "migrate", statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  try {
    await turn`select pg_advisory_lock(${TURN})`;
    await applyMigrations(orm(client), {
      migrationsFolder: migrationsFolder(),
      migrationsSchema: "claudbot",
      migrationsTable: "migrations",
    });
    await grantDesk(turn);
  } finally {
    await Promise.all([closed(client), closed(turn)]);
  }
}

const closed = (client: Client): Promise<void> => client.end({ timeout: 1 });

/** Beside this file, or in the sources when this file was compiled to dist/db. */
function migrationsFolder(): string {
  const beside = fileURLToPath(new URL("./migrations", import.meta.url));
  const sources = fileURLToPath(new URL("../../db/migrations", import.meta.url));
  return existsSync(beside) ? beside : sources;
}
