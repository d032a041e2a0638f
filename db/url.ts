/**
 * Database addresses: `postgresql://user:password@host:5432/name?sslmode=require`, and through a unix socket
 * `postgresql://user:password@/name?host=/folder`. It must not print a password.
 */
import type { ConnectionSpec } from "./connect.ts";
import { DatabaseError } from "./fault.ts";

const SHAPE = /^postgres(?:ql)?:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const DEFAULT_PORT = 5432;
const MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

/** @throws DatabaseError, without repeating the text, when it is not the address of a Postgres database. */
export function parseDatabaseUrl(text: string): ConnectionSpec {
  const match = SHAPE.exec(text.trim());
  if (!match) throw notAnAddress("it does not begin with postgresql://");
  const authority = match[1] ?? "";
  const split = authority.lastIndexOf("@");
  const account = split < 0 ? "" : authority.slice(0, split);
  const parameters = new URLSearchParams(match[3] ?? "");
  const place = hostAndPort(authority.slice(split + 1), parameters);
  const colon = account.indexOf(":");
  const user = decoded(colon < 0 ? account : account.slice(0, colon)) || parameters.get("user");
  const database = decoded(match[2] ?? "") || parameters.get("dbname");
  if (!user) throw notAnAddress("it names no user");
  if (!database) throw notAnAddress("it names no database");
  return {
    ...place,
    database,
    user,
    password: colon < 0 ? (parameters.get("password") ?? "") : decoded(account.slice(colon + 1)),
    role: null,
    ssl: sslOf(parameters.get("sslmode"), place.host),
  };
}

/** An address that `parseDatabaseUrl` and libpq read. It holds the password. */
export function databaseUrl(spec: ConnectionSpec): string {
  const account = `${encodeURIComponent(spec.user)}:${encodeURIComponent(spec.password)}`;
  const database = encodeURIComponent(spec.database);
  if (!spec.host.startsWith("/")) {
    const host = spec.host.includes(":") ? `[${spec.host}]` : spec.host;
    return `postgresql://${account}@${host}:${spec.port}/${database}?sslmode=${spec.ssl}`;
  }
  return `postgresql://${account}@/${database}?host=${encodeURIComponent(spec.host)}&port=${spec.port}`;
}

/** The place and the database for people, without the password. */
export const placeOf = (spec: ConnectionSpec): string =>
  spec.host.startsWith("/")
    ? `${spec.host}, database ${spec.database}, user ${spec.user}`
    : `${spec.host}:${spec.port}, database ${spec.database}, user ${spec.user}`;

function hostAndPort(
  text: string,
  parameters: URLSearchParams,
): Pick<ConnectionSpec, "host" | "port"> {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:,]*)(?::(\d*))?$/.exec(text);
  if (!match) throw notAnAddress("its host is not one name and one port");
  const named = decoded(match[1] ?? "").replace(/^\[|\]$/g, "");
  const port = Number(match[2] || parameters.get("port") || DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw notAnAddress("its port is wrong");
  return { host: parameters.get("host") || named || "localhost", port };
}

function sslOf(asked: string | null, host: string): ConnectionSpec["ssl"] {
  if (asked === null) return isLocal(host) ? "disable" : "prefer";
  const mode = MODES.find((known) => known === asked);
  if (mode === undefined) throw notAnAddress(`its sslmode is none of ${MODES.join(", ")}`);
  return mode;
}

const isLocal = (host: string): boolean =>
  host.startsWith("/") || host === "localhost" || host === "::1" || host.startsWith("127.");

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notAnAddress("a % in it is not followed by two hexadecimal digits; write %25");
  }
}

const notAnAddress = (why: string): DatabaseError =>
  new DatabaseError(
    `DATABASE_URL is not the address of a Postgres database (${why}): write DATABASE_URL=postgresql://user:password@host:5432/database, with special characters percent-encoded.`,
  );
