/**
 * Keeps a run on disk: compressed lines of inputs and events, in parts of bounded size that each begin with the whole state.
 * It must never hold up or end the desk: the first thing that goes wrong ends the recording, with one warning.
 */
import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";
import { encode } from "../../core/engine/codec.ts";
import type { State } from "../../core/engine/state.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { RecordedHead, RecordedSettings, Recorder } from "../../ports/recorder.ts";
import type { Timers } from "../../ports/timers.ts";
import { openPart, type Part } from "./part.ts";
import { dropOldest, partName, RECORDING_FORMAT, runName } from "./recordings.ts";

export interface RecordingLimits {
  /** A part that has grown so large on disk is followed by the next. */
  readonly partBytes: number;
  /** All recordings of the folder together; the oldest parts go. */
  readonly allBytes: number;
  /** More than this in memory means that the disk does not keep up. */
  readonly waitingBytes: number;
}

export const LIMITS: RecordingLimits = {
  partBytes: 16 * 2 ** 20,
  allBytes: 512 * 2 ** 20,
  waitingBytes: 32 * 2 ** 20,
};
const FLUSH_MS = 1000;
/** A disk that has not taken the last lines by then does not hold up the end of the desk. */
const CLOSE_MS = 2000;

export interface RecorderOptions {
  /** Exists and can be written. */
  readonly folder: string;
  readonly identity: Pick<RecordedHead, "version" | "run" | "mode" | "name">;
  readonly settings: RecordedSettings;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly limits?: RecordingLimits;
  readonly open?: (path: string) => WriteStream;
}

/** Readable by its owner only; a file that is there already is never written over. */
const create = (path: string): WriteStream => createWriteStream(path, { flags: "wx", mode: 0o600 });

export function createRecorder(options: RecorderOptions): Recorder {
  const { folder, identity, clock, timers, log, limits = LIMITS, open = create } = options;
  const run = runName(clock.now(), identity.run);
  const ending = new Map<Part, Promise<void>>();
  let state: State | null = null;
  let part: Part | null = null;
  let parts = 0;
  let count = { inputs: 0, events: 0 };
  let last = 0;
  let stopped = false;

  const stop = (why: string): void => {
    if (stopped) return;
    stopped = true;
    cancelFlush();
    part?.abandon();
    part = null;
    log.warn("recording stopped; the desk goes on", { folder, why });
  };
  const guarded = (work: () => void): void => {
    if (stopped) return;
    try {
      work();
    } catch (error) {
      stop(String(error));
    }
  };

  const finish = (): void => {
    if (!part) return;
    part.line(`{"end":${JSON.stringify({ ...count, sha256: part.digest() })}}`);
    const last = part;
    part = null;
    const closed = last.end().finally(() => ending.delete(last));
    ending.set(last, closed);
  };
  const next = (now: State): Part => {
    finish();
    parts += 1;
    count = { inputs: 0, events: 0 };
    const name = partName(run, parts);
    const begun = openPart(open(join(folder, name)), stop);
    const head: RecordedHead = {
      ...{ format: RECORDING_FORMAT, ...identity, part: parts, at: clock.now(), after: last },
      ...{ settings: options.settings, desk: now.desk, sight: now.sight },
    };
    begun.line(`{"head":${encode(head)}}`);
    dropOldest(folder, name, limits.allBytes - limits.partBytes).catch((error: unknown) =>
      stop(String(error)),
    );
    return begun;
  };
  const flush = (): void =>
    guarded(() => {
      part?.flush();
      if (part && part.waiting > limits.waitingBytes) stop("the disk does not keep up");
    });
  const cancelFlush = timers.every(FLUSH_MS, flush);

  return {
    begin: (begun) =>
      guarded(() => {
        state = begun;
        part = next(begun);
      }),
    took: (input) =>
      guarded(() => {
        if (state && part && part.size >= limits.partBytes) part = next(state);
        part?.line(`{"input":${encode(input)}}`);
        count.inputs += 1;
        last = input.seq;
      }),
    decided: (events) =>
      guarded(() => {
        part?.line(`{"events":${encode(events)}}`);
        count.events += events.length;
      }),
    async close() {
      cancelFlush();
      guarded(finish);
      if (!(await ended(timers, ending))) stop("the disk does not answer");
    },
  };
}

/** False when the disk has not taken all by then; what is left is abandoned. */
function ended(timers: Timers, parts: ReadonlyMap<Part, Promise<void>>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = timers.after(CLOSE_MS, () => {
      for (const late of parts.keys()) late.abandon();
      resolve(false);
    });
    void Promise.all(parts.values()).then(() => {
      cancel();
      resolve(true);
    });
  });
}
