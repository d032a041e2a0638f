/** A log that keeps its sentences for whoever asks. */
import type { Log } from "../../src/ports/log.ts";

export interface QuietLog extends Log {
  readonly sentences: string[];
}

export function quietLog(): QuietLog {
  const sentences: string[] = [];
  const keep = (sentence: string): void => {
    sentences.push(sentence);
  };
  return { sentences, debug: keep, info: keep, warn: keep, error: keep };
}
