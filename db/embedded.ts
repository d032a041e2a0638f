/**
 * A database of the embedded server, with its owner and the desk's role, ready for migrations. One process may open
 * several; the last to close gives the server back.
 */
import { existsSync } from "node:fs";
import { type Client, type ConnectionSpec, connect } from "./connect.ts";
import { secret } from "./embedded-cluster.ts";
import { type Layout, prepareLayout, STATE_FOLDER } from "./embedded-folders.ts";
import {
  adminOf,
  type DatabaseLog,
  type EmbeddedServer,
  ensureServer,
  releaseServer,
} from "./embedded-server.ts";
import { codeOf, DatabaseError } from "./fault.ts";
import { DESK_ROLE } from "./grants.ts";

export interface EmbeddedOptions {
  readonly dataFolder: string;
  /** Root's place for binaries; /var/lib/claudbot unless a test says otherwise. */
  readonly stateFolder?: string | undefined;
  readonly databaseName: string;
  /** Drops what is there. Refused while somebody is connected to it. */
  readonly fresh: boolean;
  /** Refuses where there is no such database, instead of making one. */
  readonly existing?: boolean;
  readonly log: DatabaseLog;
}

export interface Embedded {
  /** Every right on the whole server. */
  readonly admin: ConnectionSpec;
  readonly owner: ConnectionSpec;
  readonly desk: ConnectionSpec;
  readonly where: string;
  /** Adopts or starts the server again; returns at once when it runs. @throws DatabaseError */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const OWNER_ROLE = "claudbot_owner";
/** Any fixed number: the key under which processes take turns with roles and databases. */
const TURN = 7_203_910;

/** How many open databases of this process stand on the server of a cluster. */
const holders = new Map<string, number>();

/** @throws DatabaseError: one line with the thing and the fix. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const layout = prepareLayout(options.dataFolder, options.stateFolder ?? STATE_FOLDER);
  if (options.existing && !existsSync(layout.cluster)) throw notThere(layout, options);
  hold(layout, 1);
  try {
    const server = await ensureServer(layout, options.log);
    const admin = adminOf(layout, server);
    await prepareDatabase(layout, admin, options);
    return opened({ layout, server, admin, options });
  } catch (error) {
    if (hold(layout, -1) === 0) await releaseServer(layout, options.log);
    throw error;
  }
}

interface Opening {
  readonly layout: Layout;
  readonly server: EmbeddedServer;
  readonly admin: ConnectionSpec;
  readonly options: EmbeddedOptions;
}

/** Where the data folder was asked for and could not be taken. */
const apartFrom = ({ apart }: Layout): string =>
  apart === null ? "" : ` (not below DATA_DIR because ${apart})`;

function opened({ layout, server, admin, options }: Opening): Embedded {
  const { databaseName: database, log } = options;
  const as = (user: string): ConnectionSpec => ({
    ...admin,
    database,
    user,
    password: secret(layout, user),
  });
  let closing: Promise<void> | null = null;
  let restarting: Promise<void> | null = null;
  return {
    admin,
    owner: as(OWNER_ROLE),
    desk: as(DESK_ROLE),
    where: `PostgreSQL ${release(server)} of our own in ${layout.home}${apartFrom(layout)}, database ${database}`,
    restart() {
      restarting ??= ensureServer(layout, log)
        .then(() => {})
        .finally(() => {
          restarting = null;
        });
      return restarting;
    },
    close() {
      closing ??= (async () => {
        if (hold(layout, -1) === 0) await releaseServer(layout, log);
      })();
      return closing;
    },
  };
}

async function prepareDatabase(
  layout: Layout,
  admin: ConnectionSpec,
  options: EmbeddedOptions,
): Promise<void> {
  const { databaseName, fresh } = options;
  const client = connect(admin, { name: "prepare", statementTimeoutMs: 60_000 });
  try {
    await client`select pg_advisory_lock(${TURN})`;
    await ensureRole(client, OWNER_ROLE, secret(layout, OWNER_ROLE));
    await ensureRole(client, DESK_ROLE, secret(layout, DESK_ROLE));
    await client.unsafe(`grant ${DESK_ROLE} to ${OWNER_ROLE}`);
    if (fresh) await dropDatabase(client, databaseName);
    const known = await client`select from pg_database where datname = ${databaseName}`;
    if (known.length === 0 && options.existing) throw notThere(layout, options);
    if (known.length === 0) {
      await client`create database ${client(databaseName)} owner ${client(OWNER_ROLE)}`.simple();
    }
  } catch (error) {
    throw loginFault(error, layout);
  } finally {
    await client.end({ timeout: 1 });
  }
}

const notThere = ({ home }: Layout, { databaseName }: EmbeddedOptions): DatabaseError =>
  new DatabaseError(
    `There is no ${databaseName} in ${home}: no desk of that profile has run there. Correct DATA_DIR or DATABASE_URL.`,
  );

/** The password is base64url: nothing in it needs quoting. */
async function ensureRole(client: Client, role: string, password: string): Promise<void> {
  const known = await client`select from pg_roles where rolname = ${role}`;
  const verb = known.length === 0 ? "create" : "alter";
  await client.unsafe(`${verb} role ${role} login password '${password}'`);
}

/** The server itself waits some seconds for connections of a desk that was just killed to end. */
async function dropDatabase(client: Client, name: string): Promise<void> {
  try {
    await client`drop database if exists ${client(name)}`.simple();
  } catch (error) {
    if (codeOf(error) !== "55006") throw error;
    throw new DatabaseError(
      `The database ${name} is in use by another desk and cannot be begun afresh: stop that desk, or start with --keep.`,
      { cause: error },
    );
  }
}

function loginFault(error: unknown, layout: Layout): unknown {
  if (codeOf(error) !== "28P01") return error;
  return new DatabaseError(
    `The password in ${layout.secrets} is not that of the database in ${layout.home}: bring back the right file, or move ${layout.home} away to begin a new database.`,
    { cause: error },
  );
}

/** `18.4.0-beta.17` is the package of PostgreSQL 18.4. */
const release = (server: EmbeddedServer): string => server.version.split(".").slice(0, 2).join(".");

/** The number of holders after the change. */
function hold(layout: Layout, change: 1 | -1): number {
  const count = (holders.get(layout.cluster) ?? 0) + change;
  if (count <= 0) holders.delete(layout.cluster);
  else holders.set(layout.cluster, count);
  return Math.max(0, count);
}
