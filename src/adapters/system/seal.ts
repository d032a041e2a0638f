/** The Seal: HMAC-SHA256 with a key that only this account can read, made at the first start and kept. */
// Whoever has the key file can make buttons, nothing more: pressing one still takes a person of ours.
import { createHmac, randomBytes } from "node:crypto";
import { link, mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Seal } from "../../ports/seal.ts";

export const SEAL_FILE = "seal.key";
const KEY_BYTES = 32;
const TOKEN_LENGTH = 16;

/** Why the key cannot be used, in one line with the fix. */
export class SealError extends Error {
  override readonly name = "SealError";
}

/** @throws SealError when the key file cannot be had, is damaged, or can be read by other accounts */
export async function openSeal(dataDir: string): Promise<Seal> {
  const path = join(dataDir, SEAL_FILE);
  const key = (await read(path)) ?? (await make(dataDir, path));
  return {
    of: (confirmation, verb) =>
      createHmac("sha256", key)
        .update(`${verb}:${confirmation}`)
        .digest("base64url")
        .slice(0, TOKEN_LENGTH),
  };
}

/** Null when there is none yet. */
async function read(path: string): Promise<Buffer | null> {
  try {
    const file = await open(path, "r");
    try {
      const { mode, uid } = await file.stat();
      if (!isOursAlone(mode, uid)) {
        throw new SealError(
          `${path} can be read by other accounts: chmod 600 it and make it yours.`,
        );
      }
      const key = await file.readFile();
      if (key.length === KEY_BYTES) return key;
      throw new SealError(
        `${path} is damaged: delete it, and a new one is made at the next start.`,
      );
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error instanceof SealError ? error : unusable(path, error);
  }
}

/** Whole or not at all, and never over one that another process has just made. */
async function make(dataDir: string, path: string): Promise<Buffer> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(randomBytes(KEY_BYTES));
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
  } catch (error) {
    throw unusable(path, error);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
  const key = await read(path);
  if (key === null) throw new SealError(`${path} was deleted while it was made: start again.`);
  return key;
}

/** Where accounts are told apart by number: its owner is this account or root, and nobody else may read it. */
function isOursAlone(mode: number, uid: number): boolean {
  const own = process.getuid?.();
  return own === undefined || ((mode & 0o077) === 0 && (uid === own || uid === 0));
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

const unusable = (path: string, error: unknown): SealError =>
  new SealError(`${path} cannot be used (${codeOf(error) || String(error)}): check its folder.`);
