/** Replaces a file as a whole or not at all: a draft beside it is checked, flushed, and only then takes its name. */
// Whatever goes wrong leaves the old file as it was, and no draft behind.
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fail, ok, type Result } from "../core/kernel/result.ts";

/**
 * @param wrong looks at the draft and says what is wrong with it, or null
 * @returns one or more lines saying why nothing was written
 */
export function replaceWhole(
  path: string,
  text: string,
  wrong: (draft: string) => string | null,
): Result<null, string> {
  let draft: string | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const target = resolved(path);
    const made = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}`);
    draft = made;
    put(made, text);
    const why = wrong(made);
    if (why !== null) {
      return fail(`${path} was left as it is: ${why.replaceAll(basename(made), basename(target))}`);
    }
    renameSync(made, target);
    draft = null;
    flush(dirname(target));
    return ok(null);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return fail(`${path} cannot be written (${code}): check its folder and who owns it`);
  } finally {
    if (draft !== null) rmSync(draft, { force: true });
  }
}

/** A link stays a link: what it points to is replaced. */
function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function put(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    fchmodSync(file, 0o600);
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the new name last. Where a folder cannot be opened, the system does so by itself. */
function flush(folder: string): void {
  try {
    const opened = openSync(folder, "r");
    try {
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
  } catch {
    // It is there, and readers see it.
  }
}
