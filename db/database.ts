/**
 * The database of a desk: the one that DATABASE_URL names, or one on the server that the program starts itself. It must
 * not read the environment: what it needs is handed in.
 */
import type { ConnectionSpec } from "./connect.ts";
import { openEmbedded } from "./embedded.ts";
import type { DatabaseLog } from "./embedded-server.ts";
import { DatabaseError, messageOf } from "./fault.ts";
import { migrate } from "./migrate.ts";
import { deskOf, offerDeskRole, openRemote, remoteFault, wipe } from "./remote.ts";

export interface Database {
  /** For everything a desk does: it can add events and change or remove none. */
  readonly desk: ConnectionSpec;
  /** Owns the tables: migrations and backups. */
  readonly owner: ConnectionSpec;
  /** One line for people: which server, where. */
  readonly where: string;
  readonly embedded: boolean;
  /** Embedded only: starts the server again if it died. @throws DatabaseError */
  restart?(): Promise<void>;
  /** Stops an embedded server that nobody else uses. Close all clients first. Never throws. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** DATABASE_URL. Unset or empty means embedded. */
  readonly url?: string | undefined;
  /** Of the program; the embedded server keeps its files in `postgres` below it, or for root below /var/lib/claudbot. */
  readonly dataFolder: string;
  readonly databaseName: `claudbot_${"demo" | "dev" | "paper" | "shadow" | "canary" | "live"}`;
  /** Begins with an empty database. */
  readonly fresh?: boolean;
  /** Only opens what is there: makes no database, brings no table up to date. */
  readonly existing?: boolean;
  readonly stateFolder?: string;
  readonly log: DatabaseLog;
}

/** Opens, brings the tables up to date unless told not to. @throws DatabaseError whose message is one line with the thing and the fix. */
export function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.url ? remote(options, options.url) : embedded(options);
}

async function embedded(options: DatabaseOptions): Promise<Database> {
  const { databaseName, log, dataFolder, stateFolder, existing = false } = options;
  const fresh = options.fresh ?? false;
  const opened = await openEmbedded({
    dataFolder,
    stateFolder,
    databaseName,
    fresh,
    existing,
    log,
  });
  try {
    if (!existing) await migrate(opened.owner);
  } catch (error) {
    await opened.close();
    throw new DatabaseError(
      `The tables of ${databaseName} could not be brought up to date (${messageOf(error)}): see ${opened.where}, or set DATABASE_URL=….`,
      { cause: error },
    );
  }
  return {
    desk: opened.desk,
    owner: opened.owner,
    where: opened.where,
    embedded: true,
    restart: opened.restart,
    close: opened.close,
  };
}

async function remote(options: DatabaseOptions, url: string): Promise<Database> {
  const { owner, where } = await openRemote(url);
  if (options.fresh) await wipe(owner, options.databaseName.replace("claudbot_", ""));
  if (!options.existing) {
    await offerDeskRole(owner);
    await migrate(owner).catch((error: unknown) => {
      throw remoteFault(error, owner);
    });
  }
  const desk = await deskOf(owner);
  if (desk === owner) {
    options.log.info("the desk uses the account of DATABASE_URL; a role of its own is not allowed");
  }
  return { desk, owner, where, embedded: false, close: async () => {} };
}
