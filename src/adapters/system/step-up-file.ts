/** step-up.json: what is known of everybody's authenticators, encrypted, replaced as a whole and read again when it changed. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  codeOf,
  findKey,
  findOrMakeKey,
  refuseOpen,
  StepUpError,
  unusable,
} from "./step-up-key.ts";
import { type Held, takeLock } from "./step-up-lock.ts";

export const STEP_UP_FILE = "step-up.json";

const DEVICE = z.object({
  /** Base64. */
  seed: z.string(),
  enrolledAt: z.number(),
  /** The newest step that was used or shown: neither it nor an older one is taken. */
  lastStep: z.number(),
  salt: z.string(),
  /** Hashes of the recovery codes that are left. */
  recovery: z.array(z.string()),
});
const FAILURES = z.object({ at: z.array(z.number()), lockedUntil: z.number().nullable() });
const CONTENT = z.object({
  /** By person. */
  devices: z.record(z.string(), DEVICE),
  failures: z.record(z.string(), FAILURES),
});
const ENVELOPE = z.object({
  version: z.literal(1),
  iv: z.string(),
  tag: z.string(),
  data: z.string(),
});

export type Device = Readonly<z.infer<typeof DEVICE>>;
export type Failures = Readonly<z.infer<typeof FAILURES>>;
export type StepUpContent = Readonly<z.infer<typeof CONTENT>>;

export interface StepUpFile {
  /** As it stands now, from memory when the file is the same. @throws StepUpError */
  read(): StepUpContent;
  /**
   * Reads it, whoever wrote last, and replaces it by `next` before this resolves; `next` the same object: nothing is written.
   * Changes run one after the other, also those of other processes. @throws StepUpError; then nothing has changed
   */
  change<T>(edit: (now: StepUpContent) => { next: StepUpContent; result: T }): Promise<T>;
}

const EMPTY: StepUpContent = { devices: {}, failures: {} };
const CIPHER = "aes-256-gcm";
const BOUND_TO = Buffer.from("claudbot step-up 1");
const TRIES = 3;

/** @param given base64 of the key, or null for one in a file of its own */
export function openStepUpFile(dataDir: string, given: string | null): StepUpFile {
  const path = join(dataDir, STEP_UP_FILE);
  let known: { readonly print: string; readonly content: StepUpContent } | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  const read = (): StepUpContent => {
    const print = fingerprint(path);
    if (print === null) return EMPTY;
    if (known?.print !== print) known = { print, content: unsealed(path, findKey(dataDir, given)) };
    return known.content;
  };
  const attempt = async <T>(
    edit: (now: StepUpContent) => { next: StepUpContent; result: T },
  ): Promise<{ readonly result: T } | null> => {
    const lock = await takeLock(`${path}.lock`);
    try {
      const now = read();
      const { next, result } = edit(now);
      const kept =
        next === now || (await replace(path, sealed(next, findOrMakeKey(dataDir, given)), lock));
      return kept ? { result } : null;
    } finally {
      lock.release();
    }
  };
  const change: StepUpFile["change"] = async (edit) => {
    try {
      await mkdir(dataDir, { recursive: true, mode: 0o700 });
      for (let tries = 0; tries < TRIES; tries += 1) {
        const done = await attempt(edit);
        if (done !== null) return done.result;
      }
    } catch (error) {
      throw error instanceof StepUpError ? error : unusable(path, error);
    }
    throw new StepUpError(`${path} is changed by another program all the time: try again`);
  };
  return {
    read,
    change(edit) {
      const done = queue.then(() => change(edit));
      queue = done.catch(() => undefined);
      return done;
    },
  };
}

/** Another for every file that takes the name; null without one. */
function fingerprint(path: string): string | null {
  try {
    const { ino, mtimeNs, ctimeNs, size } = statSync(path, { bigint: true });
    return `${ino} ${mtimeNs} ${ctimeNs} ${size}`;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw unusable(path, error);
  }
}

function unsealed(path: string, key: Buffer | null): StepUpContent {
  if (key === null) {
    throw new StepUpError(
      `${path} is there but not its key: set STEP_UP_KEY, put step-up.key back, or delete it and enroll everybody again`,
    );
  }
  try {
    refuseOpen(path);
    const { iv, tag, data } = ENVELOPE.parse(JSON.parse(readFileSync(path, "utf8")));
    const cipher = createDecipheriv(CIPHER, key, Buffer.from(iv, "base64"), { authTagLength: 16 });
    cipher.setAAD(BOUND_TO).setAuthTag(Buffer.from(tag, "base64"));
    const plain = Buffer.concat([cipher.update(Buffer.from(data, "base64")), cipher.final()]);
    return CONTENT.parse(JSON.parse(plain.toString("utf8")));
  } catch (error) {
    if (error instanceof StepUpError) throw error;
    if (codeOf(error).startsWith("E") && !codeOf(error).startsWith("ERR_"))
      throw unusable(path, error);
    throw new StepUpError(
      `${path} cannot be read with this key: it is damaged, or STEP_UP_KEY or step-up.key is another`,
    );
  }
}

function sealed(content: StepUpContent, key: Buffer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: 16 }).setAAD(BOUND_TO);
  const data = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()]);
  const [shownIv, tag, shown] = [iv, cipher.getAuthTag(), data].map((of) => of.toString("base64"));
  return JSON.stringify({ version: 1, iv: shownIv, tag, data: shown });
}

/** False when the lock was lost meanwhile: then the old file stands as it was. */
async function replace(path: string, text: string, lock: Held): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!lock.isHeld()) return false;
    await rename(draft, path);
    await flushed(join(path, ".."));
    return true;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Makes the new name last. Where a folder cannot be opened, the system does so by itself. */
async function flushed(folder: string): Promise<void> {
  try {
    const opened = await open(folder, "r");
    await opened.sync().finally(() => opened.close());
  } catch {
    // It is there, and readers see it.
  }
}
