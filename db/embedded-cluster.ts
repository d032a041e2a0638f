/**
 * The data folder of the embedded server: made once, with scram passwords, and refused when another major
 * version made it. It must not start the server.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Binaries } from "./embedded-binaries.ts";
import type { Account, Layout } from "./embedded-folders.ts";
import { describe } from "./embedded-process.ts";
import {
  codeOf,
  DatabaseError,
  folderFault,
  messageOf,
  outputFault,
  unsupported,
} from "./fault.ts";

/** The account that may do everything; used to make roles and databases, and to stop the server. */
export const ADMIN = "claudbot_admin";

/** The server's whole environment: it must not see the secrets in ours. */
export const SERVER_ENV = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" } as const;

const INITDB_MS = 120_000;

/** Makes the cluster when there is none. @throws DatabaseError: foreign version, full disk, folder not writable. */
export async function ensureCluster(layout: Layout, binaries: Binaries): Promise<void> {
  if (existsSync(layout.cluster)) {
    checkVersion(layout, binaries);
    return;
  }
  const half = join(layout.home, `cluster.new-${process.pid}`);
  const passwordFile = join(layout.home, `password.new-${process.pid}`);
  try {
    removeRemains(layout.home);
    mkdirSync(half, { mode: 0o700 });
    writeFileSync(passwordFile, `${secret(layout, ADMIN)}\n`, { mode: 0o600 });
    give(half, layout.account);
    give(passwordFile, layout.account);
    await initdb({ layout, binaries, into: half, passwordFile });
    renameSync(half, layout.cluster);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes(codeOf(error))) throw folderFault(error, layout.home);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(half, { recursive: true, force: true });
  }
}

/**
 * A role's password, from a 0600 file that only this account reads; made when it is missing.
 * @throws DatabaseError when the administrator's is missing although the cluster exists.
 */
export function secret(layout: Layout, role: string): string {
  const file = join(layout.secrets, role);
  if (!existsSync(file)) {
    if (role === ADMIN && existsSync(layout.cluster)) {
      throw new DatabaseError(
        `The database in ${layout.cluster} has lost its password file ${file}: bring it back, move ${layout.home} away to begin a new database, or set DATABASE_URL=….`,
      );
    }
    makeSecret(file);
  }
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw folderFault(error, file);
  }
}

/** Whole or not at all; of two processes the first wins. */
function makeSecret(file: string): void {
  const half = `${file}.new-${process.pid}`;
  try {
    writeFileSync(half, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
    linkSync(half, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw folderFault(error, file);
  } finally {
    rmSync(half, { force: true });
  }
}

function checkVersion(layout: Layout, binaries: Binaries): void {
  const file = join(layout.cluster, "PG_VERSION");
  let made = "";
  try {
    made = readFileSync(file, "utf8").trim();
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw folderFault(error, file);
  }
  if (made === binaries.major) return;
  throw new DatabaseError(
    made === ""
      ? `${layout.cluster} exists and is no Postgres data folder: move it away, or set DATABASE_URL=….`
      : `${layout.cluster} was made by PostgreSQL ${made} and this program brings ${binaries.major}: move the folder away to begin a new database, or set DATABASE_URL=… to a PostgreSQL ${made} that serves it.`,
  );
}

/** What an initdb that was killed left behind. */
function removeRemains(home: string): void {
  for (const name of readdirSync(home)) {
    const pid = /^(?:cluster|password)\.new-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && (Number(pid) === process.pid || describe(Number(pid)) === null)) {
      rmSync(join(home, name), { recursive: true, force: true });
    }
  }
}

function give(path: string, account: Account): void {
  if (!account.ours) chownSync(path, account.uid, account.gid);
}

interface Making {
  readonly layout: Layout;
  readonly binaries: Binaries;
  readonly into: string;
  readonly passwordFile: string;
}

async function initdb({ layout, binaries, into, passwordFile }: Making): Promise<void> {
  const options = ["-D", into, "-U", ADMIN, "-A", "scram-sha-256", "--pwfile", passwordFile];
  const { account } = layout;
  const child = spawn(
    binaries.initdb,
    [...options, "-E", "UTF8", "--locale=C", "--data-checksums", "--no-instructions"],
    {
      cwd: into,
      env: SERVER_ENV,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: INITDB_MS,
      ...(account.ours ? {} : { uid: account.uid, gid: account.gid }),
    },
  );
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString("utf8")).slice(-8_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(cannotRun(binaries.initdb, error)));
    child.once("close", resolve);
  });
  if (code !== 0) throw outputFault("Making the database", output, layout.home);
}

/** A binary that did not even begin. */
export function cannotRun(binary: string, error: unknown): DatabaseError {
  switch (codeOf(error)) {
    case "ENOENT":
      return unsupported(`${binary} needs the GNU C library, or is missing`);
    case "EPERM":
    case "EINVAL":
      return unsupported("this process is root and may not become the account nobody");
    default:
      return unsupported(`${binary}: ${messageOf(error)}`);
  }
}
