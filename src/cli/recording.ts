/** Opens the recording of a run where `start --record` asked for it. */
import { accessSync, constants, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Writable } from "node:stream";
import {
  createRecorder,
  type RecorderOptions,
  type RecordingLimits,
} from "../adapters/recorder/recorder.ts";
import type { Config } from "../config/config.ts";
import type { Settings } from "../core/engine/state.ts";
import type { Strategy } from "../core/strategy/strategy.ts";
import type { Recorder } from "../ports/recorder.ts";
import type { Closer } from "./closing.ts";
import { recordable } from "./recorded-settings.ts";
import { StartError } from "./start-error.ts";

export interface RecordOptions {
  /** Empty: below the data folder. */
  readonly folder: string;
  readonly limits?: RecordingLimits;
}

interface Recording extends Pick<RecorderOptions, "identity" | "clock" | "timers" | "log"> {
  readonly config: Config;
  readonly output: Writable;
  /** Undefined: nothing is recorded. */
  readonly record?: RecordOptions;
  /** Decides instead of the configured one. */
  readonly strategy?: Strategy;
  readonly settings: Settings;
  readonly onClose: (close: Closer) => void;
}

/** @throws StartError when nothing can be written there */
export function openRecording(options: Recording): { readonly recorder?: Recorder } {
  const { config, record, output, onClose } = options;
  if (record === undefined) return {};
  const folder = usable(
    record.folder === "" ? join(config.dataDir, config.profile, "recordings") : record.folder,
  );
  const settings = recordable(options.settings, options.strategy ? null : config.strategy);
  const limits = record.limits === undefined ? {} : { limits: record.limits };
  const recorder = createRecorder({ ...options, settings, folder, ...limits });
  onClose(recorder.close);
  output.write(`  recording: ${folder}\n`);
  return { recorder };
}

function usable(path: string): string {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new StartError(
      `${folder} cannot be used for recordings (${why}): name a folder that this account can write with --record=<folder>, or leave --record out.`,
    );
  }
}
