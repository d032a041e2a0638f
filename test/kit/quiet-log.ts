/** A log that keeps its sentences for whoever asks. */
import type { Fields, Log } from "../../src/ports/log.ts";
import { heard } from "./canaries.ts";

export interface QuietLog extends Log {
  readonly sentences: string[];
}

export function quietLog(): QuietLog {
  const sentences: string[] = [];
  const keep = (sentence: string, fields: Fields = {}): void => {
    sentences.push(sentence);
    heard("log", `${sentence} ${JSON.stringify(fields)}`);
  };
  return { sentences, debug: keep, info: keep, warn: keep, error: keep };
}
