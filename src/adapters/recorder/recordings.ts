/** A folder of recordings: how its files are named, which belong together, and which must go when they are too many. */
import { readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type Instant, iso } from "../../core/kernel/time.ts";

/** Raise it when a line changes its shape. */
export const RECORDING_FORMAT = 1;

const SHAPE = /^(\d{8}T\d{6}Z-[0-9a-z]+)-\d{5}\.jsonl\.gz$/;

/** Names sort as the runs began and as their parts follow one another. */
export const runName = (began: Instant, run: string): string =>
  `${iso(began).slice(0, 19).replace(/[-:]/g, "")}Z-${run}`;

export const partName = (run: string, part: number): string =>
  `${run}-${String(part).padStart(5, "0")}.jsonl.gz`;

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => SHAPE.test(name)).sort();
}

/** The parts of the newest run in a folder, in order. Empty when there is no recording. */
export async function newestRun(folder: string): Promise<readonly string[]> {
  const names = await namesIn(folder);
  const newest = SHAPE.exec(names.at(-1) ?? "")?.[1];
  return names
    .filter((name) => newest !== undefined && SHAPE.exec(name)?.[1] === newest)
    .map((name) => join(folder, name));
}

/** Removes the oldest files until the others are `bytes` at most. The one named `kept` neither counts nor goes. */
export async function dropOldest(folder: string, kept: string, bytes: number): Promise<void> {
  const names = (await namesIn(folder)).filter((name) => name !== kept);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path, size: (await stat(path)).size };
    }),
  );
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files) {
    if (total <= bytes) return;
    await unlink(path);
    total -= size;
  }
}
