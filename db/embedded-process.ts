/**
 * The server as the operating system sees it: which process a pid file means, whether it is ours, and its end. It must
 * never signal a process that it has not recognised.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseError } from "./fault.ts";

/** A running process. `binary` and `folder` are empty when this account may not see them. */
interface Running {
  readonly pid: number;
  readonly uid: number;
  readonly binary: string;
  /** Its working folder, which for Postgres is its data folder. */
  readonly folder: string;
}

/** What `postmaster.pid` says. */
interface PidFile {
  readonly pid: number;
  readonly socketFolder: string;
  readonly status: string;
}

const POLL_MS = 15;
const FAST_STOP_MS = 10_000;
const IMMEDIATE_STOP_MS = 5_000;
const ORPHANS_MS = 10_000;

/** Null when no such process runs; one that has ended and was not collected by its parent does not run. */
export function describe(pid: number): Running | null {
  if (!Number.isInteger(pid) || pid <= 1) return null;
  return process.platform === "linux" ? describeByProc(pid) : describeByPs(pid);
}

/** Null when there is none, or one that is still being written. */
function readPidFile(cluster: string): PidFile | null {
  try {
    const lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 0) return null;
    return { pid, socketFolder: lines[4]?.trim() ?? "", status: lines[7]?.trim() ?? "" };
  } catch {
    return null;
  }
}

const isPostgresOf = (process: Running, cluster: string): boolean =>
  basename(process.binary.replace(/ \(deleted\)$/, "")) === "postgres" &&
  process.folder === realpathSync(cluster);

/** The server that the pid file means, if it runs. */
export function runningServer(cluster: string): (Running & PidFile) | null {
  const file = readPidFile(cluster);
  const running = file && describe(file.pid);
  return file && running && isPostgresOf(running, cluster) ? { ...running, ...file } : null;
}

/**
 * Removes a pid file whose process is not a Postgres of this folder: the number went to another program, and Postgres
 * would take it for itself. Waits for what a killed server left behind.
 * @throws DatabaseError when such remains do not end.
 */
export async function clearStalePidFile(cluster: string): Promise<void> {
  const until = performance.now() + ORPHANS_MS;
  for (;;) {
    if (runningServer(cluster)) return;
    const left = postgresProcessesOf(cluster);
    if (left.length === 0) break;
    if (performance.now() > until) {
      throw new DatabaseError(
        `Processes of an earlier database server still use ${cluster} (pid ${left.join(", ")}): end them with kill, or set DATABASE_URL=….`,
      );
    }
    await sleep(POLL_MS);
  }
  const file = readPidFile(cluster);
  if (file && exists(file.pid)) rmSync(join(cluster, "postmaster.pid"), { force: true });
}

/** Asks the server of this folder to end, first kindly; resolves to whether it did, in a bounded time. */
export async function stopServer(pid: number, cluster: string): Promise<boolean> {
  for (const [signal, ms] of [
    ["SIGINT", FAST_STOP_MS],
    ["SIGQUIT", IMMEDIATE_STOP_MS],
  ] as const) {
    const running = describe(pid);
    if (running === null || !isPostgresOf(running, cluster)) return true;
    process.kill(pid, signal);
    if (await ended(pid, ms)) return true;
  }
  return false;
}

/** Resolves to whether the process is gone within `ms`. */
export async function ended(pid: number, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (describe(pid) !== null) {
    if (performance.now() > until) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function postgresProcessesOf(cluster: string): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const running = describe(pid);
      return running !== null && isPostgresOf(running, cluster);
    });
}

function describeByProc(pid: number): Running | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    if (/^State:\s+[ZX]/m.test(status)) return null;
    const uid = Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1] ?? -1);
    return { pid, uid, binary: linkOf(pid, "exe"), folder: linkOf(pid, "cwd") };
  } catch {
    return null;
  }
}

function linkOf(pid: number, name: "exe" | "cwd"): string {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return "";
  }
}

/** Where there is no /proc. The folder is the argument of -D. */
function describeByPs(pid: number): Running | null {
  try {
    const line = execFileSync("ps", ["-ww", "-o", "uid=,stat=,args=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const match = /^\s*(\d+)\s+(\S+)\s+(.*?)(?: -D (.*?) -c .*)?\s*$/.exec(line);
    if (!match || match[2]?.startsWith("Z")) return null;
    return { pid, uid: Number(match[1]), binary: match[3] ?? "", folder: match[4] ?? "" };
  } catch {
    return null;
  }
}

/** Also true for one that has ended and was not collected. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
