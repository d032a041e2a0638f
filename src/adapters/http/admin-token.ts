/** The bearer token of the admin pages: a file that only this account can read, made at the first start and kept. */
// It is compared, and never shown: whoever needs it reads the file.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { link, mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { fail, ok, type Result } from "../../core/kernel/result.ts";

export const ADMIN_TOKEN_FILE = "admin.token";
/** Of a token that somebody else made. */
export const ADMIN_TOKEN_SHAPE = /^[\w.~+/=-]{32,256}$/;

/** @returns the token, or one line with the fix */
export async function adminToken(dataDir: string): Promise<Result<string, string>> {
  const path = join(dataDir, ADMIN_TOKEN_FILE);
  try {
    const token = (await read(path)) ?? (await make(dataDir, path));
    if (token === null) return fail(`${path} was deleted while it was made: start again.`);
    if (ADMIN_TOKEN_SHAPE.test(token)) return ok(token);
    return fail(`${path} is damaged: delete it, and a new one is made at the next start.`);
  } catch (error) {
    if (error instanceof Readable) return fail(error.message);
    return fail(`${path} cannot be used (${codeOf(error) || String(error)}): check its folder.`);
  }
}

/** True for `Bearer <token>`, in a time that tells nothing of how much of it was right. */
export function isBearer(header: string | undefined, token: string): boolean {
  const [, given = ""] = /^bearer +(\S+) *$/i.exec(header ?? "") ?? [];
  return timingSafeEqual(digest(given), digest(token));
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

class Readable extends Error {}

/** Null when there is none yet. */
async function read(path: string): Promise<string | null> {
  const file = await open(path, "r").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const { mode, uid } = await file.stat();
    const own = process.getuid?.();
    const isOurs = own === undefined || ((mode & 0o077) === 0 && (uid === own || uid === 0));
    if (!isOurs) {
      throw new Readable(`${path} can be read by other accounts: chmod 600 it and make it yours.`);
    }
    return (await file.readFile("utf8")).trim();
  } finally {
    await file.close();
  }
}

/** Whole or not at all, and never over one that another desk has just made. */
async function make(dataDir: string, path: string): Promise<string | null> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(`${randomBytes(32).toString("base64url")}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
  return read(path);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";
