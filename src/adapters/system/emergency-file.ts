/** `emergency.jsonl`: one line for each latch that fell, on disk before the cancel leaves. Writes follow one another. */
import { mkdir, open, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import type { Emergency } from "../../ports/emergency.ts";

export function emergencyFile(path: string): Emergency {
  let tail: Promise<unknown> = Promise.resolve();
  const next = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work, work);
    tail = result.catch(() => undefined);
    return result;
  };
  return {
    append: (line) =>
      next(async () => {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
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
        const text = await readFile(path, "utf8").catch(nothingThere);
        return text.split("\n").filter((line) => line !== "");
      }),
    clear: () =>
      next(() =>
        truncate(path, 0)
          .catch(nothingThere)
          .then(() => undefined),
      ),
  };
}

function nothingThere(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
  throw error;
}
