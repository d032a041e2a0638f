/** `emergency.jsonl`: one line for each latch that fell, on disk before the cancel leaves. Writes follow one another. */
// Another program may add lines meanwhile (`claudbot kill`): only what was written or read here is ever forgotten.
import { mkdir, open, readFile, rename, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import type { Emergency } from "../../ports/emergency.ts";

export function emergencyFile(path: string): Emergency {
  let tail: Promise<unknown> = Promise.resolve();
  const known = new Set<string>();
  const next = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work, work);
    tail = result.catch(() => undefined);
    return result;
  };
  return {
    append: (line) =>
      next(async () => {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        known.add(line);
        const file = await open(path, "a", 0o600);
        try {
          // On a line of its own even after one that a crash or a full disk has torn.
          await file.appendFile(`\n${line}\n`);
          await file.datasync();
        } finally {
          await file.close();
        }
      }),
    read: () =>
      next(async () => {
        const lines = await linesOf(path);
        for (const line of lines) known.add(line);
        return lines;
      }),
    clear: () =>
      next(async () => {
        const others = (await linesOf(path)).filter((line) => !known.has(line));
        if (others.length === 0) await truncate(path, 0).catch(nothingThere);
        else await replace(path, others);
        known.clear();
      }),
  };
}

const linesOf = async (path: string): Promise<readonly string[]> =>
  (await readFile(path, "utf8").catch(nothingThere)).split("\n").filter((line) => line !== "");

/** At no moment is a line missing that stays. */
async function replace(path: string, lines: readonly string[]): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, "w", 0o600);
  try {
    await file.writeFile(lines.map((line) => `\n${line}\n`).join(""));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

function nothingThere(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
  throw error;
}
