/**
 * A database that somebody else runs, named by DATABASE_URL. The tables are made by its user; the desk acts as a role of
 * lesser rights where the user may arrange that. It must not print the password.
 */
import { type Client, type ConnectionSpec, connect } from "./connect.ts";
import { codeOf, DatabaseError, messageOf } from "./fault.ts";
import { DESK_ROLE } from "./grants.ts";
import { parseDatabaseUrl, placeOf } from "./url.ts";

const OLDEST = 140_000;
const STATEMENT_TIMEOUT_MS = 15_000;
/** Beyond the client's own connect timeout: a name server that does not answer, too. */
const ANSWER_MS = 12_000;

export interface Remote {
  readonly owner: ConnectionSpec;
  readonly where: string;
}

/**
 * Checks that the server answers and is fit.
 * @throws DatabaseError: unreachable, wrong password, unknown database, too old, or not a Postgres address.
 */
export async function openRemote(url: string): Promise<Remote> {
  const owner = parseDatabaseUrl(url);
  const version = await withClient(owner, "check", async (client) => {
    const [row] = await client<{ number: string; version: string }[]>`
      select current_setting('server_version_num') as number,
             current_setting('server_version') as version`;
    return row;
  }).catch((error: unknown) => {
    throw remoteFault(error, owner);
  });
  if (Number(version?.number ?? 0) < OLDEST) {
    throw new DatabaseError(
      `The server of DATABASE_URL (${placeOf(owner)}) is PostgreSQL ${version?.version ?? "of no version"}: version ${OLDEST / 10_000} or later is needed.`,
    );
  }
  return { owner, where: `PostgreSQL ${version?.version} at ${placeOf(owner)}` };
}

/** Makes the desk's role if that is allowed. It can be shared by several databases of one server. */
export async function offerDeskRole(owner: ConnectionSpec): Promise<void> {
  await withClient(owner, "role", async (client) => {
    const known = await client`select from pg_roles where rolname = ${DESK_ROLE}`;
    if (known.length === 0) await client.unsafe(`create role ${DESK_ROLE} nologin`);
    const [member] = await client<{ member: boolean }[]>`
      select pg_has_role(current_user, ${DESK_ROLE}, 'member') as member`;
    if (member?.member !== true) await client.unsafe(`grant ${DESK_ROLE} to current_user`);
  }).catch(() => {});
}

/** The connection of the desk: acting as its role when that works, else as the owner. */
export async function deskOf(owner: ConnectionSpec): Promise<ConnectionSpec> {
  const desk: ConnectionSpec = { ...owner, role: DESK_ROLE };
  return withClient(desk, "role", (client) => client`select from claudbot.events limit 1`).then(
    () => desk,
    () => owner,
  );
}

/**
 * Removes all that is ours, for a demo that begins afresh.
 * @throws DatabaseError when the tables belong to another mode's desk, or when a desk is connected.
 */
export async function wipe(owner: ConnectionSpec, mode: string): Promise<void> {
  await withClient(owner, "wipe", async (client) => {
    const [known] = await client<{ meta: string | null }[]>`
      select to_regclass('claudbot.meta')::text as meta`;
    const [desk] = known?.meta
      ? await client<{ mode: string }[]>`
      select mode from claudbot.meta`
      : [];
    if (desk && desk.mode !== mode) {
      throw new DatabaseError(
        `The database of DATABASE_URL (${placeOf(owner)}) holds a ${desk.mode} desk and is not wiped for ${mode}: name another database, or start with --keep.`,
      );
    }
    await client.unsafe("drop schema if exists claudbot cascade");
  }).catch((error: unknown) => {
    throw remoteFault(error, owner);
  });
}

/** What a failed call means for the person who set DATABASE_URL. */
export function remoteFault(error: unknown, spec: ConnectionSpec): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const place = placeOf(spec);
  const say = (why: string): DatabaseError => new DatabaseError(why, { cause: error });
  switch (codeOf(error)) {
    case "28P01":
    case "28000":
      return say(
        `The server of DATABASE_URL refused the login (${place}): correct the user or the password in DATABASE_URL.`,
      );
    case "3D000":
      return say(
        `There is no such database on the server of DATABASE_URL (${place}): create it, or correct the name in DATABASE_URL.`,
      );
    case "42501":
      return say(
        `The user of DATABASE_URL may not make the tables (${place}): grant it create on the database, or name another user.`,
      );
    case "ECONNREFUSED":
    case "ENOENT":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ETIMEDOUT":
    case "ECONNRESET":
    case "CONNECT_TIMEOUT":
    case "CONNECTION_CLOSED":
      return silent(spec, codeOf(error), error);
    default:
      return say(
        `The server of DATABASE_URL cannot be used (${place}): ${withoutSecret(messageOf(error), spec)}. Correct DATABASE_URL, or unset it to use the embedded Postgres.`,
      );
  }
}

function silent(spec: ConnectionSpec, why: string, cause?: unknown): DatabaseError {
  return new DatabaseError(
    `The server of DATABASE_URL does not answer (${placeOf(spec)}, ${why}): start it, correct DATABASE_URL, or unset it to use the embedded Postgres.`,
    { cause },
  );
}

function withoutSecret(text: string, { password }: ConnectionSpec): string {
  const line = text.replace(/\s+/g, " ").slice(0, 300);
  return password === "" ? line : line.replaceAll(password, "…");
}

async function withClient<T>(
  spec: ConnectionSpec,
  name: string,
  use: (client: Client) => PromiseLike<T>,
): Promise<T> {
  const client = connect(spec, { name, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent(spec, "no answer in time")), ANSWER_MS);
  });
  try {
    return await Promise.race([use(client), late]);
  } finally {
    clearTimeout(timer);
    await client.end({ timeout: 0 }).catch(() => {});
  }
}
