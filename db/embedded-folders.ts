/**
 * Where the embedded server keeps what, and as which account it runs: Postgres refuses to be root. It must not start
 * anything.
 */
import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { codeOf, DatabaseError, folderFault } from "./fault.ts";

/** Root's place for data and for a copy of the binaries: any account can enter it. */
export const STATE_FOLDER = "/var/lib/claudbot";
/** A unix socket's path has at most 107 bytes, of which `/.s.PGSQL.5432` and some room are taken. */
const LONGEST_SOCKET_FOLDER = 90;
const NOBODY = 65_534;

export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** False when this process is root and the server another. */
  readonly ours: boolean;
}

export interface Layout {
  readonly account: Account;
  readonly stateFolder: string;
  /** Holds everything below. */
  readonly home: string;
  /** Why that is not in the data folder; null where it is. */
  readonly apart: string | null;
  /** The data folder of Postgres. */
  readonly cluster: string;
  readonly socketFolder: string;
  readonly secrets: string;
  readonly logFile: string;
}

/** Where data is kept when nobody says otherwise: `data` in the project, for root below /var/lib/claudbot. */
export function defaultDataFolder(projectRoot: string): string {
  return isRoot() ? join(STATE_FOLDER, keyOf(projectRoot)) : join(projectRoot, "data");
}

export function serverAccount(): Account {
  if (!isRoot()) return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, ours: true };
  const line = /^nobody:[^:]*:(\d+):(\d+):/m.exec(passwords());
  return { uid: Number(line?.[1] ?? NOBODY), gid: Number(line?.[2] ?? NOBODY), ours: false };
}

/** Makes the folders that are missing. @throws DatabaseError naming the folder that cannot be made or entered. */
export function prepareLayout(dataFolder: string, shared: string): Layout {
  const account = serverAccount();
  const stateFolder = resolve(shared);
  const { home, apart } = homeBelow(resolve(dataFolder), stateFolder, account);
  const socketFolder = socketFolderFor(home, account.ours ? tmpdir() : stateFolder);
  const layout: Layout = {
    account,
    stateFolder,
    home,
    apart,
    cluster: join(home, "cluster"),
    socketFolder,
    secrets: join(home, "secrets"),
    logFile: join(home, "server.log"),
  };
  ensureFolder(home, 0o711);
  accessible(home);
  ensureFolder(layout.secrets, 0o700);
  ensureSocketFolder(socketFolder, account);
  return layout;
}

/** Makes a folder and its missing parents with exactly this mode for the last, whatever the umask. */
export function ensureFolder(path: string, mode: number): void {
  if (existsSync(path)) return;
  if (!existsSync(dirname(path))) ensureFolder(dirname(path), 0o711);
  try {
    mkdirSync(path);
    chmodSync(path, mode);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw folderFault(error, path);
  }
}

/** Twelve characters that stand for a folder's real path. */
export const keyOf = (path: string): string =>
  createHash("sha256").update(realPath(path)).digest("hex").slice(0, 12);

function homeBelow(
  dataFolder: string,
  stateFolder: string,
  account: Account,
): Pick<Layout, "home" | "apart"> {
  if (existsSync(dataFolder) && !statSync(dataFolder).isDirectory()) {
    throw folderFault({ code: "ENOTDIR" }, dataFolder);
  }
  const inPlace = join(realPath(dataFolder), "postgres");
  const barred = account.ours ? null : barrier(inPlace, account);
  if (barred === null) return { home: inPlace, apart: null };
  if (existsSync(join(inPlace, "cluster"))) {
    throw new DatabaseError(
      `The database in ${inPlace} cannot be entered by the account nobody that Postgres runs as: allow it with chmod o+x on each folder above, or set DATABASE_URL=….`,
    );
  }
  const apart = join(realPath(stateFolder), keyOf(dataFolder), "postgres");
  const why = `the account nobody that Postgres runs as cannot enter ${barred}`;
  if (barrier(apart, account) === null) return { home: apart, apart: why };
  throw new DatabaseError(
    `The folder ${stateFolder} cannot be entered by the account nobody that Postgres runs as: chmod o+x it, or set DATABASE_URL=….`,
  );
}

/** The first folder on the way that does not let the account through, seen from below; what is missing will be made so. */
function barrier(path: string, account: Account): string | null {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at)) {
      const { mode, uid, gid } = statSync(at);
      const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
      if ((mode & bit) === 0) return at;
    }
    if (at === dirname(at)) return null;
  }
}

function socketFolderFor(home: string, elsewhere: string): string {
  const near = join(home, "socket");
  if (Buffer.byteLength(near) <= LONGEST_SOCKET_FOLDER) return near;
  const short = join(elsewhere, `claudbot-${keyOf(home)}`);
  return Buffer.byteLength(short) <= LONGEST_SOCKET_FOLDER
    ? short
    : join("/tmp", `claudbot-${keyOf(home)}`);
}

/** 0700 and the server's. A folder of that name that is somebody else's is not trusted. */
function ensureSocketFolder(path: string, account: Account): void {
  ensureFolder(path, 0o700);
  const found = lstatSync(path);
  const trusted = found.uid === account.uid || found.uid === process.getuid?.();
  if (!found.isDirectory() || !trusted) {
    throw new DatabaseError(
      `${path} is needed for the database's socket and belongs to somebody else: remove it, or set DATABASE_URL=….`,
    );
  }
  try {
    if (!account.ours) chownSync(path, account.uid, account.gid);
    chmodSync(path, 0o700);
  } catch (error) {
    throw folderFault(error, path);
  }
}

function accessible(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw folderFault(error, path);
  }
}

/** The real path as far as it exists. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPath(parent), basename(path));
}

function passwords(): string {
  try {
    return readFileSync("/etc/passwd", "utf8");
  } catch {
    return "";
  }
}

const isRoot = (): boolean => process.getuid?.() === 0;
