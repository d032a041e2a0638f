/** Names this process as the holder of a lease, and tells whether a named one is certainly gone. */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** When a process began, in clock ticks since boot; empty where the system does not tell. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

export const holderName = (): string => `${hostname()}:${process.pid}:${startOf(process.pid)}`;

/** A pid that was reused by another program began at another time. */
export function isGone(holder: string): boolean {
  const [host, pid, start] = holder.split(":");
  if (host !== hostname() || !/^\d+$/.test(pid ?? "")) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  return start !== undefined && start !== "" && startOf(Number(pid)) !== start;
}
