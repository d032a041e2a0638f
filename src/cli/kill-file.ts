/** A file named KILL in the data folder kills every desk of that folder within a second; its first line is the reason. */
// Seen by the system's own word and, where that fails, by a look each second. It is renamed when all had time to see it.
import { closeSync, constants, lstatSync, openSync, readSync, renameSync, watch } from "node:fs";
import { join } from "node:path";
import { clean } from "../chat/clean.ts";
import { iso } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";

const KILL_FILE = "KILL";
const LOOK_MS = 1000;
/** `echo reason > KILL` makes an empty file first. */
const WRITING_MS = 100;
/** Other desks of the folder look within a second of their own. */
const OTHERS_MS = 3000;
const MOST_BYTES = 1024;

export interface KillFile {
  /** Of this very file: put there again, also by a move, it is another. */
  readonly id: string;
  readonly reason: string;
  readonly isEmpty: boolean;
}

/** Null when there is none. What cannot be read is obeyed all the same, and so is a folder of that name. */
export function findKillFile(folder: string): KillFile | null {
  const path = join(folder, KILL_FILE);
  try {
    const stats = lstatSync(path, { bigint: true });
    const text = stats.isFile() ? firstLine(path) : "";
    return {
      id: `${stats.ino}-${stats.ctimeNs}`,
      reason: clean(text) || "the KILL file",
      isEmpty: stats.isFile() && stats.size === 0n,
    };
  } catch {
    return null;
  }
}

function firstLine(path: string): string {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(MOST_BYTES);
      const text = bytes.subarray(0, readSync(file, bytes)).toString("utf8");
      return text.split(/[\r\n]/, 1)[0] ?? "";
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}

export interface WatchDoors {
  readonly folder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Obeys one. False: it could not be handed on, and is tried again. */
  readonly obey: (found: KillFile) => Promise<boolean>;
}

/** @returns what ends the watching; a file that was obeyed is renamed by then */
export function watchKillFile({ folder, clock, timers, log, obey }: WatchDoors): () => void {
  const obeyed = new Set<string>();
  let cancelWait = (): void => undefined;
  let cancelTake: (() => void) | null = null;
  let waiting: string | null = null;

  const take = (): void => {
    cancelTake = null;
    const found = findKillFile(folder);
    if (found === null || !obeyed.has(found.id)) return;
    const time = iso(clock.now()).replace(/[-:]|\.\d+/g, "");
    try {
      renameSync(join(folder, KILL_FILE), join(folder, `${KILL_FILE}.taken.${time}`));
    } catch (error) {
      const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
      // Another desk of the folder was sooner.
      if (why === "ENOENT") return;
      log.error("KILL was obeyed and cannot be renamed: remove it", {
        why,
      });
    }
  };
  const look = (isWritten = false): void => {
    const found = findKillFile(folder);
    if (found === null || obeyed.has(found.id)) return;
    if (found.isEmpty && !isWritten) {
      if (waiting === found.id) return;
      waiting = found.id;
      cancelWait = timers.after(WRITING_MS, () => look(true));
      return;
    }
    obeyed.add(found.id);
    void obey(found).then((isDone) => {
      if (!isDone) return void obeyed.delete(found.id);
      cancelTake ??= timers.after(OTHERS_MS, take);
    });
  };

  const cancelLooks = timers.every(LOOK_MS, look);
  const watcher = watched(folder, () => look());
  look();
  return () => {
    cancelLooks();
    cancelWait();
    watcher?.close();
    if (cancelTake === null) return;
    cancelTake();
    take();
  };
}

/** Null where the system tells nothing: then it is found by looking. */
function watched(folder: string, changed: () => void) {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (name === null || name === KILL_FILE) changed();
    });
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
