/** Reads recordings back, line by line, whatever their size. A part that stops in the middle is read as far as it goes. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream";
import { constants, createGunzip } from "node:zlib";
import { decode } from "../../core/engine/codec.ts";
import type { Event } from "../../core/engine/event.ts";
import type { Input } from "../../core/engine/input.ts";
import type { Recorded, RecordedHead } from "../../ports/recorder.ts";
import { newestRun, RECORDING_FORMAT } from "./recordings.ts";

/** One line with the file and what is wrong with it. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

/** The file itself, or all parts of the newest run in a folder. @throws RecordingError when there is none */
export async function partsAt(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch((error: Error) => {
    throw new RecordingError(`${path} cannot be read: ${error.message}`);
  });
  const parts = found.isDirectory() ? await newestRun(path) : [path];
  if (parts.length === 0) throw new RecordingError(`${path} holds no recording`);
  return parts;
}

/** @throws RecordingError for a file that is no recording, is of another format, or is not as it was written */
export async function* readParts(paths: readonly string[]): AsyncGenerator<Recorded> {
  for (const path of paths) yield* readPart(path);
}

type Line =
  | { readonly head: RecordedHead }
  | { readonly input: Input }
  | { readonly events: readonly Event[] }
  | { readonly end: { readonly sha256: string } };

async function* readPart(path: string): AsyncGenerator<Recorded> {
  const hash = createHash("sha256");
  const lines = linesOf(path);
  let first = true;
  for (let line = await lines.next(); !line.done; ) {
    const text = line.value;
    line = await lines.next();
    const read = parsed(text);
    if (first) checkHead(path, read);
    first = false;
    // Only the last line may be half a line.
    if (read === null && line.done) break;
    if (read === null) throw new RecordingError(`${path}: a line in it cannot be read`);
    if ("end" in read) {
      if (read.end.sha256 !== hash.digest("hex")) {
        throw new RecordingError(`${path} is not as it was written: its checksum differs`);
      }
      return yield { kind: "end" };
    }
    hash.update(`${text}\n`);
    yield recorded(read);
  }
  if (first) throw new RecordingError(`${path} is empty`);
  yield { kind: "torn" };
}

function recorded(line: Exclude<Line, { end: unknown }>): Recorded {
  if ("head" in line) return { kind: "head", ...line };
  return "input" in line ? { kind: "input", ...line } : { kind: "events", ...line };
}

function checkHead(path: string, line: Line | null): void {
  if (line === null || !("head" in line)) {
    throw new RecordingError(`${path} is no recording: it has no head that can be read`);
  }
  const { format, version } = line.head;
  if (format !== RECORDING_FORMAT) {
    throw new RecordingError(
      `${path} was recorded by claudbot ${version} in format ${format}; this program reads ${RECORDING_FORMAT}`,
    );
  }
}

function parsed(text: string): Line | null {
  try {
    const line = decode(text);
    const known = ["head", "input", "events", "end"];
    const isLine = line !== null && typeof line === "object" && known.some((key) => key in line);
    return isLine ? (line as Line) : null;
  } catch {
    return null;
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  // Ends where the data ends: a file that was cut off is no error.
  const text = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  pipeline(createReadStream(path), text, () => undefined);
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of text) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RecordingError(`${path} cannot be read: ${why}`);
  }
  if (rest !== "") yield rest;
}
