/** Names this process as the holder of a lease, and tells whether a named one is certainly gone. */
// What it is not sure of is alive: a lease runs out by itself, but two desks that write are a loss.
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Where a process id means something. Empty where the system does not tell. */
export interface Place {
  readonly host: string;
  /** New with each start of the machine; containers of one machine share it. */
  readonly boot: string;
  /** The same number names different processes in different ones. */
  readonly pidNamespace: string;
  /** Stays when the machine starts again. */
  readonly machine: string;
  /** False on a system that has neither boot ids nor namespaces. */
  readonly hasNamespaces: boolean;
}

function told(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return "";
  }
}

const fileText = (path: string): string => told(() => readFileSync(path, "utf8"));

export const thisPlace = (): Place => ({
  host: hostname(),
  boot: fileText("/proc/sys/kernel/random/boot_id"),
  pidNamespace: told(() => readlinkSync("/proc/self/ns/pid")).replace(/\D/g, ""),
  machine: fileText("/etc/machine-id"),
  hasNamespaces: process.platform === "linux",
});

/** When a process began, in clock ticks since boot; empty where the system does not tell. */
function startOf(pid: number): string {
  const stat = fileText(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

export function holderName({ host, boot, pidNamespace, machine }: Place = thisPlace()): string {
  return [host, process.pid, startOf(process.pid), boot, pidNamespace, machine].join(":");
}

/** For people: the process and its host, without what only a program compares. */
export function shownHolder(holder: string): string {
  const [host = "", pid = ""] = holder.split(":");
  return host === "" ? "unknown" : `process ${pid} on ${host}`;
}

/** A machine that started again took its processes with it; otherwise only a process we could see can be seen missing. */
export function isGone(holder: string, here: Place = thisPlace()): boolean {
  const [host, pid = "", start = "", boot = "", pidNamespace = "", machine = ""] =
    holder.split(":");
  if (host !== here.host || !/^[1-9]\d*$/.test(pid)) return false;
  if (here.hasNamespaces && [boot, here.boot, pidNamespace, here.pidNamespace].includes("")) {
    return false;
  }
  if (boot !== here.boot) return machine !== "" && machine === here.machine;
  if (pidNamespace !== here.pidNamespace) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  // A number that was given to another program: that one began at another time.
  const began = startOf(Number(pid));
  return start !== "" && began !== "" && began !== start;
}
