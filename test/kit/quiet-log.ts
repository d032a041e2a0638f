/** A log that keeps its sentences for whoever asks. */
import type { Fields, Log } from "../../src/ports/log.ts";
import { heard } from "./canaries.ts";

export interface QuietLog extends Log {
  readonly sentences: string[];
  /** Sentences with their fields, as JSON. */
  readonly lines: string[];
}

export function quietLog(): QuietLog {
  const sentences: string[] = [];
  const lines: string[] = [];
  const keep = (sentence: string, fields: Fields = {}): void => {
    sentences.push(sentence);
    lines.push(`${sentence} ${JSON.stringify(fields)}`);
    heard("log", lines.at(-1) ?? "");
  };
  return { sentences, lines, debug: keep, info: keep, warn: keep, error: keep };
}
