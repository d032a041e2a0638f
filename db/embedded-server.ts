/**
 * The embedded server's life: started, or taken over when an earlier desk was killed and left it running, and stopped
 * only when nobody else uses it. It must not know databases or tables.
 */
import { type ChildProcess, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
} from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type ConnectionSpec, connect, ownPrefix } from "./connect.ts";
import { type Binaries, findBinaries } from "./embedded-binaries.ts";
import { ADMIN, cannotRun, ensureCluster, SERVER_ENV, secret } from "./embedded-cluster.ts";
import type { Layout } from "./embedded-folders.ts";
import { clearStalePidFile, ended, runningServer, stopServer } from "./embedded-process.ts";
import { DatabaseError, folderFault, messageOf, outputFault } from "./fault.ts";

/** A structural part of the program's log; this room knows no other. */
export interface DatabaseLog {
  info(sentence: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
  warn(sentence: string, fields?: Readonly<Record<string, string | number | boolean>>): void;
}

export interface EmbeddedServer {
  readonly pid: number;
  readonly socketFolder: string;
  /** Of the npm package. */
  readonly version: string;
}

const READY_MS = 60_000;
const POLL_MS = 10;
const ATTEMPTS = 5;
const LARGEST_LOG = 10_000_000;
/** The part of the socket's name that is like a port; nothing listens on it. */
const PORT = 5432;

/** Adopts the running server of this layout, or starts one. @throws DatabaseError */
export async function ensureServer(layout: Layout, log: DatabaseLog): Promise<EmbeddedServer> {
  const binaries = await findBinaries(layout);
  await ensureCluster(layout, binaries);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const adopted = await adopt(layout, binaries);
    if (adopted) {
      log.info("the embedded database was already running", { pid: adopted.pid });
      return adopted;
    }
    await clearStalePidFile(layout.cluster);
    const started = await start(layout, binaries);
    if (started) return started;
  }
  throw new DatabaseError(
    `The embedded Postgres in ${layout.cluster} keeps being started by another program at the same time: try again.`,
  );
}

/** A connection to the server's own database, with every right. */
export const adminOf = (layout: Layout, server: EmbeddedServer): ConnectionSpec => ({
  host: server.socketFolder,
  port: PORT,
  database: "postgres",
  user: ADMIN,
  password: secret(layout, ADMIN),
  role: null,
  ssl: "disable",
});

/** Stops the server unless another program is connected, or may be. Never throws. */
export async function releaseServer(layout: Layout, log: DatabaseLog): Promise<void> {
  const running = runningServer(layout.cluster);
  if (!running) return;
  const { pid, socketFolder } = running;
  try {
    const others = await otherClients(adminOf(layout, { pid, socketFolder, version: "" }));
    if (others > 0) {
      log.info("the embedded database is left running for others", { clients: others });
    } else if (!(await stopServer(pid, layout.cluster))) {
      log.warn("the embedded database did not stop in time", { pid });
    }
  } catch (error) {
    log.warn("the embedded database is left running", { pid, cause: messageOf(error) });
  }
}

/** Connections of other processes. @throws when the server cannot say. */
async function otherClients(admin: ConnectionSpec): Promise<number> {
  const client = connect(admin, { name: "close", statementTimeoutMs: 3_000 });
  try {
    const [row] = await client<{ others: number }[]>`
      select count(*)::int as others from pg_stat_activity
      where backend_type = 'client backend' and not starts_with(application_name, ${ownPrefix()})`;
    return row?.others ?? 0;
  } finally {
    await client.end({ timeout: 1 }).catch(() => {});
  }
}

/** Null when none runs. One that is stopping is waited for. @throws DatabaseError when a stranger uses the folder. */
async function adopt(layout: Layout, binaries: Binaries): Promise<EmbeddedServer | null> {
  const until = performance.now() + READY_MS;
  for (;;) {
    const running = runningServer(layout.cluster);
    if (!running) return null;
    const binary = running.binary.replace(/ \(deleted\)$/, "");
    if (running.uid !== layout.account.uid || binary !== realpathSync(binaries.postgres)) {
      throw new DatabaseError(
        `Another Postgres (pid ${running.pid}, uid ${running.uid}, ${binary}) runs on ${layout.cluster}: stop it with kill -INT ${running.pid}, or set DATABASE_URL=….`,
      );
    }
    const { pid, socketFolder, status } = running;
    if (status === "ready") return { pid, socketFolder, version: binaries.version };
    if (performance.now() > until) throw notReady(layout);
    if (status === "stopping") await ended(pid, READY_MS);
    else await sleep(POLL_MS);
  }
}

/** Null when another program started it first. */
async function start(layout: Layout, binaries: Binaries): Promise<EmbeddedServer | null> {
  const log = openLog(layout.logFile);
  const from = fstatSync(log).size;
  const child = launch(layout, binaries, log);
  let failure: unknown = null;
  child.once("error", (error) => {
    failure = error;
  });
  try {
    const until = performance.now() + READY_MS;
    while (child.exitCode === null && child.signalCode === null && failure === null) {
      const running = runningServer(layout.cluster);
      if (running?.pid === child.pid && running?.status === "ready") {
        const { pid, socketFolder } = running;
        return { pid, socketFolder, version: binaries.version };
      }
      if (performance.now() > until) {
        child.kill("SIGQUIT");
        throw notReady(layout);
      }
      await sleep(POLL_MS);
    }
    if (failure !== null) throw cannotRun(binaries.postgres, failure);
    const output = readFrom(log, from);
    if (/lock file .* already exists|is already in use/.test(output)) return null;
    throw outputFault("Starting the database", output, layout.home);
  } finally {
    closeSync(log);
  }
}

/** In a session of its own: a Ctrl-C at the terminal is for the desk, which then stops it in order. */
function launch(layout: Layout, binaries: Binaries, log: number): ChildProcess {
  const { account } = layout;
  const settings = [
    "listen_addresses=",
    `unix_socket_directories="${layout.socketFolder.replaceAll('"', '""')}"`,
    `port=${PORT}`,
    "fsync=on",
    "timezone=UTC",
    "log_timezone=UTC",
    "max_connections=100",
    "log_min_error_statement=panic",
  ];
  const child = spawn(
    binaries.postgres,
    ["-D", layout.cluster, ...settings.flatMap((setting) => ["-c", setting])],
    {
      cwd: account.ours ? layout.home : "/",
      env: SERVER_ENV,
      detached: true,
      stdio: ["ignore", log, log],
      ...(account.ours ? {} : { uid: account.uid, gid: account.gid }),
    },
  );
  child.unref();
  return child;
}

/** The previous log is kept once when this one has grown large. */
function openLog(path: string): number {
  try {
    if (existsSync(path) && statSync(path).size > LARGEST_LOG) renameSync(path, `${path}.1`);
    return openSync(path, "a+", 0o600);
  } catch (error) {
    throw folderFault(error, path);
  }
}

function readFrom(file: number, position: number): string {
  const length = Math.min(fstatSync(file).size - position, 8_000);
  const bytes = Buffer.alloc(Math.max(0, length));
  readSync(file, bytes, 0, bytes.length, position);
  return bytes.toString("utf8");
}

const notReady = (layout: Layout): DatabaseError =>
  new DatabaseError(
    `The embedded Postgres was not ready after ${READY_MS / 1000} s: see ${layout.logFile}, or set DATABASE_URL=….`,
  );
