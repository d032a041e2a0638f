/** The log: JSON lines on stderr, every text through the redactor. Never an event, never chat. */
import { type DestinationStream, destination, pino } from "pino";
import type { Fields, Log } from "../../ports/log.ts";
import { redact, redactField } from "./redact.ts";

interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error";
  /** On every line, e.g. the desk's name and the run. */
  readonly fields?: Fields;
  /** Where lines go; stderr unless said otherwise. Written at once, so that a crash loses none. */
  readonly to?: DestinationStream;
}

export function createLog({ level, fields = {}, to }: LogOptions): Log {
  const out = pino(
    {
      level,
      base: clean(fields),
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    to ?? destination({ dest: 2, sync: true }),
  );
  const write =
    (method: "debug" | "info" | "warn" | "error") =>
    (sentence: string, more: Fields = {}): void =>
      out[method](clean(more), redact(sentence));
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
}

function clean(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "string" || isOdd(value) ? redactField(name, String(value)) : value,
    ]),
  );
}

/** Whatever got past the types: the library would write an object out in full, an error with its stack and all its fields. */
const isOdd = (value: unknown): boolean => typeof value === "object" && value !== null;
