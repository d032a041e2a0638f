/** One writer at a time for a file that the desk and the command line both change. What a crash left is taken away. */
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, StepUpError } from "./step-up-key.ts";

export interface Held {
  /** Whether it still is: a holder that slept too long has lost it. */
  isHeld(): boolean;
  release(): void;
}

/** A change takes milliseconds: whoever holds it for so long is gone, or asleep. */
const ABANDONED_MS = 5_000;
const PATIENCE_MS = 8_000;
const AGAIN_MS = 5;
/** A process of another life may have had our number, as in a container. */
const LIFE = randomBytes(8).toString("hex");

/** @throws StepUpError when it cannot be had */
export async function takeLock(path: string): Promise<Held> {
  const own = `${process.pid} ${LIFE} ${randomBytes(8).toString("hex")}`;
  const isHeld = (): boolean => contentOf(path) === own;
  const release = (): void => {
    if (isHeld()) rmSync(path, { force: true });
  };
  for (let waitedMs = 0; waitedMs <= PATIENCE_MS; waitedMs += AGAIN_MS) {
    if (tookNow(path, own)) return { isHeld, release };
    const holder = abandonedBy(path);
    if (holder !== null) takeAway(path, holder);
    else await sleep(AGAIN_MS);
  }
  throw new StepUpError(`${path} is held by another program: delete it if none is running`);
}

/** It appears with its content, or not at all. */
function tookNow(path: string, own: string): boolean {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(draft, own, { flag: "wx", mode: 0o600 });
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** What it says, when nobody holds it any more. */
function abandonedBy(path: string): string | null {
  try {
    const holder = readFileSync(path, "utf8");
    const [pid, life] = holder.split(" ");
    const isOld = Date.now() - statSync(path).mtimeMs > ABANDONED_MS;
    const isOurs = Number(pid) === process.pid;
    const isGone = isOurs ? life !== LIFE : !isRunning(Number(pid));
    return isOld || isGone ? holder : null;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** Another may have taken it in between: then it is put back. */
function takeAway(path: string, holder: string): void {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    renameSync(path, aside);
    if (contentOf(aside) !== holder) linkSync(aside, path);
  } catch (error) {
    if (!["ENOENT", "EEXIST"].includes(codeOf(error))) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}
