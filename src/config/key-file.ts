/** Reads a key file that is ours alone: opened once, and looked at and read through what was opened. */
// It waits for nobody: a pipe in its place is refused and not waited for.
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
} from "node:fs";
import { open, realpath } from "node:fs/promises";
import { sep } from "node:path";
import { fail, ok, type Result } from "../core/kernel/result.ts";
import type { Problem } from "./errors.ts";

export interface KeyFile {
  readonly path: string;
  /** As it was written in the setting. */
  readonly shown: string;
  /** The folder of the program, in which it may not lie. */
  readonly notIn: string;
}

/** Longer than any key. */
const MOST_BYTES = 65_536;
const READ = constants.O_RDONLY | constants.O_NONBLOCK;
const INSIDE = "lies inside the program's folder";
const ELSEWHERE = "Move it out, e.g. to ~/.config/claudbot";
const DOWNLOADED = "Name the key file downloaded from Coinbase";

/** For a start, which waits for it. */
export function readKeyFile(file: KeyFile): Result<string, Problem> {
  try {
    const real = realpathSync(file.path);
    if (real.startsWith(realpathSync(file.notIn) + sep)) return refuse(file, INSIDE, ELSEWHERE);
    const handle = openSync(real, READ);
    try {
      const wrong = wrongOf(file, fstatSync(handle));
      if (wrong) return wrong;
      const bytes = Buffer.alloc(MOST_BYTES + 1);
      return textOf(file, bytes.subarray(0, readSync(handle, bytes)));
    } finally {
      closeSync(handle);
    }
  } catch {
    return refuse(file, "cannot be read", DOWNLOADED);
  }
}

/** The same for a running desk, which a slow disk must not hold up. Never rejects. */
export async function readKeyFileLater(file: KeyFile): Promise<Result<string, Problem>> {
  try {
    const real = await realpath(file.path);
    if (real.startsWith((await realpath(file.notIn)) + sep)) return refuse(file, INSIDE, ELSEWHERE);
    const handle = await open(real, READ);
    try {
      const wrong = wrongOf(file, await handle.stat());
      if (wrong) return wrong;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES + 1));
      return textOf(file, buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return refuse(file, "cannot be read", DOWNLOADED);
  }
}

function wrongOf(file: KeyFile, stats: Stats): Result<never, Problem> | null {
  const { uid, mode } = stats;
  if (!stats.isFile()) return refuse(file, "is no file", DOWNLOADED);
  const own = uid === 0 || uid === process.getuid?.() || process.getuid === undefined;
  if (!own) {
    const fix = `Make it yours: chown, chmod 600 ${file.shown}`;
    return refuse(file, "belongs to another account", fix);
  }
  if ((mode & 0o077) === 0) return null;
  const fix = `Run: chmod 600 ${file.shown}`;
  return refuse(file, "can be read by other accounts of this machine", fix);
}

const textOf = (file: KeyFile, bytes: Buffer): Result<string, Problem> =>
  bytes.length > MOST_BYTES
    ? refuse(file, "is too large for a key", DOWNLOADED)
    : ok(bytes.toString("utf8"));

const refuse = ({ shown }: KeyFile, what: string, fix: string): Result<never, Problem> =>
  fail({ where: "COINBASE_KEY_FILE", what: `${shown} ${what}`, fix });
