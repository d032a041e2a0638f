/**
 * How a client is opened. Each user of the database has a client of its own: drizzle rewrites the serializers of the
 * client it is given. It must not print anything.
 */
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { socketsTo } from "./socket.ts";

export interface ConnectionSpec {
  /** A name, an address, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** The role to act as, when it is not `user`. */
  readonly role: string | null;
  readonly ssl: "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";
}

export interface ClientOptions {
  /** Shown in pg_stat_activity after the process id. */
  readonly name: string;
  /** After this the server gives a statement up; 0 waits for ever. */
  readonly statementTimeoutMs?: number;
}

export type Client = postgres.Sql;
export type Orm = PostgresJsDatabase;

const CONNECT_TIMEOUT_S = 5;
/** A program that stands still in the middle of a transaction must not keep its locks from whoever takes over. */
const IDLE_IN_TRANSACTION_MS = 5000;
/** A lost connection is tried again when the next statement comes, but not sooner than this. */
const RECONNECT_S = 0.05;

/**
 * One connection, made when first used; `end` closes it for good: the driver by itself would connect once more for each
 * statement that still waits, and stay connected. A statement whose connection is lost rejects and is not repeated.
 */
export function connect(spec: ConnectionSpec, options: ClientOptions): Client {
  const sockets = socketsTo(spec);
  const settings = {
    socket: sockets.open,
    host: spec.host,
    port: spec.port,
    database: spec.database,
    user: spec.user,
    password: spec.password,
    ssl: sslOf(spec.ssl),
    max: 1,
    connect_timeout: CONNECT_TIMEOUT_S,
    backoff: () => RECONNECT_S,
    idle_timeout: 0,
    max_lifetime: null,
    fetch_types: false,
    onnotice: () => {},
    connection: {
      application_name: `${ownPrefix()}${options.name}`,
      statement_timeout: options.statementTimeoutMs ?? 0,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      ...(spec.role === null ? {} : { role: spec.role }),
    },
  };
  const client = postgres(settings);
  const { end } = client;
  return Object.assign(client, {
    end: (how?: { timeout?: number }) => end(how).finally(sockets.close),
  });
}

/** What the application names of this process's connections begin with. */
export const ownPrefix = (): string => `claudbot ${process.pid} `;

/** Typed queries over a client that is used for nothing else from now on. */
export const orm = (client: Client): Orm => drizzle(client, { casing: "snake_case" });

function sslOf(mode: ConnectionSpec["ssl"]): NonNullable<postgres.Options<never>["ssl"]> {
  switch (mode) {
    case "disable":
      return false;
    case "allow":
    case "prefer":
    case "require":
    case "verify-full":
      return mode;
    case "verify-ca":
      return "verify-full";
  }
}
