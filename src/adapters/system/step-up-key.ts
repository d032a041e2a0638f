/** The key that step-up.json is encrypted with: from the environment, or a file that only this account can read. */
import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const STEP_UP_KEY_FILE = "step-up.key";
const KEY_BYTES = 32;

/** Why codes cannot be checked or kept, in one line with the fix. Holds nothing secret. */
export class StepUpError extends Error {
  override readonly name = "StepUpError";
}

/** @param given base64 of 32 bytes, or null for the file. Null when there is no key yet. @throws StepUpError */
export function findKey(dataDir: string, given: string | null): Buffer | null {
  if (given !== null) {
    const key = Buffer.from(given, "base64");
    if (key.length === KEY_BYTES) return key;
    throw new StepUpError("STEP_UP_KEY is not 32 bytes in base64: openssl rand -base64 32");
  }
  const path = join(dataDir, STEP_UP_KEY_FILE);
  try {
    refuseOpen(path);
    const key = readFileSync(path);
    if (key.length === KEY_BYTES) return key;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error instanceof StepUpError ? error : unusable(path, error);
  }
  throw new StepUpError(
    `${path} is damaged: put it back from where you keep it, or delete it with step-up.json and enroll everybody again`,
  );
}

/** The key, made now when there is none. @throws StepUpError */
export function findOrMakeKey(dataDir: string, given: string | null): Buffer {
  const found = findKey(dataDir, given);
  if (found !== null) return found;
  const path = join(dataDir, STEP_UP_KEY_FILE);
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(draft, randomBytes(KEY_BYTES), { flag: "wx", mode: 0o600, flush: true });
    // Never over one that another process has just made.
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw unusable(path, error);
  } finally {
    rmSync(draft, { force: true });
  }
  const key = findKey(dataDir, null);
  if (key === null) throw new StepUpError(`${path} was deleted while it was made: try again`);
  return key;
}

/** Where accounts are told apart by number: its owner is this account or root, and nobody else may read it. */
export function refuseOpen(path: string): void {
  const { mode, uid } = statSync(path);
  const own = process.getuid?.();
  if (own === undefined || ((mode & 0o077) === 0 && (uid === own || uid === 0))) return;
  throw new StepUpError(
    `${path} can be read by other accounts: chmod 600 it and make it yours, then enroll everybody again`,
  );
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

export const unusable = (path: string, error: unknown): StepUpError =>
  new StepUpError(`${path} cannot be used (${codeOf(error) || "damaged"}): check its folder`);
