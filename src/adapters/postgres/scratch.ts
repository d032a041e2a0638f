/**
 * The projections once more, in temporary tables of one connection, derived by the very same code. The connection is made
 * read-only as soon as they stand, so that the database itself keeps the true tables from being touched.
 */
import { getTableName } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import { type Client, type ConnectionSpec, connect } from "../../../db/connect.ts";
import * as projections from "../../../db/projections.ts";

export interface ScratchTable {
  readonly name: string;
  /** Its primary key, one column in every projection. */
  readonly key: string;
}

export interface Scratch {
  /** Whatever is written to a projection through it goes to the temporary tables. */
  readonly client: Client;
  readonly tables: readonly ScratchTable[];
  /** Takes away rows that were replaced; nobody else does so for temporary tables. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

const TABLES: readonly ScratchTable[] = Object.values(projections).map((table: PgTable) => ({
  name: getTableName(table),
  key: getTableConfig(table).columns.find(({ primary }) => primary)?.name ?? "",
}));

/** Rejects with the driver's error, e.g. where the account may not make temporary tables. */
export async function openScratch(connection: ConnectionSpec): Promise<Scratch> {
  const plain = connect(connection, { name: "replay" });
  try {
    for (const { name } of TABLES) {
      await plain.unsafe(`create temp table "${name}" (like claudbot."${name}" including all)`);
    }
    await plain.unsafe("set session characteristics as transaction read only");
  } catch (error) {
    await plain.end({ timeout: 1 });
    throw error;
  }
  return {
    client: redirected(plain),
    tables: TABLES,
    async tidy() {
      for (const { name } of TABLES) await plain.unsafe(`vacuum pg_temp."${name}"`);
    },
    close: () => plain.end({ timeout: 1 }),
  };
}

const NAMES = new RegExp(`"claudbot"\\.("(?:${TABLES.map(({ name }) => name).join("|")})")`, "g");

/** The same client, but for the tables that the statements made by drizzle name. */
function redirected<C extends object>(client: C): C {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (name === "unsafe") {
        return (text: string, ...rest: unknown[]) =>
          value.call(target, text.replace(NAMES, "pg_temp.$1"), ...rest);
      }
      if (name !== "begin") return value;
      return (run: (turn: object) => unknown) =>
        value.call(target, (turn: object) => run(redirected(turn)));
    },
  });
}
