/** A folder of recordings: how its files are named, which belong together, and which must go when they are too many. */
import { readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type Instant, iso } from "../../core/kernel/time.ts";

/** Raise it when a line changes its shape. */
export const RECORDING_FORMAT = 2;

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

/** A run that wrote so lately goes on, perhaps: desks that record in one folder leave each other's parts alone. */
const LATELY_MS = 3_600_000;

interface File {
  readonly path: string;
  readonly run: string;
  readonly size: number;
  readonly written: number;
}

/**
 * Removes the oldest files until the others are `bytes` at most. The one named `kept` neither counts nor goes, nor does
 * what belongs to a run of another desk that goes on.
 */
export async function dropOldest(folder: string, kept: string, bytes: number): Promise<void> {
  const names = await namesIn(folder);
  const found = await Promise.all(names.map((name) => look(folder, name)));
  const files = found.filter((file) => file !== null);
  // Only times that one disk gave are compared.
  const newest = Math.max(...files.map(({ written }) => written));
  const lately = files.filter(({ written }) => newest - written < LATELY_MS);
  const others = new Set(lately.map(({ run }) => run));
  others.delete(runOf(kept));
  const ours = files.filter(({ path, run }) => path !== join(folder, kept) && !others.has(run));
  let total = ours.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of ours) {
    if (total <= bytes) return;
    await unlink(path).catch(unlessGone);
    total -= size;
  }
}

const runOf = (name: string): string => SHAPE.exec(name)?.[1] ?? "";

async function look(folder: string, name: string): Promise<File | null> {
  const path = join(folder, name);
  const found = await stat(path).catch(unlessGone);
  return found ? { path, run: runOf(name), size: found.size, written: found.mtimeMs } : null;
}

/** Another desk dropped it meanwhile. */
function unlessGone(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
