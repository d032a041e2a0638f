/** Where the API key of the venue comes from: the environment, a file, or a command that prints it. Exactly one of them. */
// It says whether a source makes sense; what stands in a key, only the adapter that signs with it knows.
import { resolve } from "node:path";
import { type Instant, instant } from "../core/kernel/time.ts";
import { commandWords } from "./command-words.ts";
import type { Env } from "./env.ts";
import type { Problem } from "./errors.ts";
import { type KeyFile, readKeyFile } from "./key-file.ts";
import type { Key } from "./keys.ts";
import { Secret } from "./secret.ts";

export type KeySource =
  | {
      readonly from: "environment";
      /** Where the private key stands. */
      readonly setting: Key;
      /** `organizations/…/apiKeys/…` or its bare id; null when `secret` is a whole key file, which holds it. */
      readonly name: Secret | null;
      readonly secret: Secret;
    }
  | ({ readonly from: "file"; readonly setting: "COINBASE_KEY_FILE" } & KeyFile)
  | { readonly from: "command"; readonly setting: "COINBASE_KEY_COMMAND"; readonly line: Secret };

export interface VenueKey {
  readonly source: KeySource;
  /** 00:00 UTC of the day it was made; null when nobody told. */
  readonly created: Instant | null;
}

const ID_KEYS = ["COINBASE_API_KEY", "COINBASE_API_KEY_NAME", "ADV_API_KEY_ID"] as const;
const SECRET_KEYS = [
  "COINBASE_API_SECRET",
  "COINBASE_API_PRIVATE_KEY",
  "ADV_API_KEY_SECRET",
] as const;

/** `sourceRoot`: the folder of the program, in which no key file may lie. */
export function readVenueKey(env: Env, sourceRoot: string, problems: Problem[]): VenueKey | null {
  const created = readCreated(env, problems);
  const source = readSource(env, sourceRoot, problems);
  return source && { source, created };
}

function readSource(env: Env, sourceRoot: string, problems: Problem[]): KeySource | null {
  const file = env.values.get("COINBASE_KEY_FILE")?.text;
  const command = env.values.get("COINBASE_KEY_COMMAND")?.text;
  const id = oneOf(env, ID_KEYS, problems);
  const secret = oneOf(env, SECRET_KEYS, problems);
  const [first, ...others] = [
    file === undefined ? undefined : "COINBASE_KEY_FILE",
    command === undefined ? undefined : "COINBASE_KEY_COMMAND",
    id?.key ?? secret?.key,
  ].filter((each) => each !== undefined);
  if (first === undefined) return null;
  if (others.length > 0) {
    problems.push({
      where: first,
      what: `a key stands there and in ${others.join(" and ")}`,
      fix: `Unset ${others.length === 1 ? "one of the two" : "all but one"}`,
    });
    return null;
  }
  if (file !== undefined) return fileSource(env, file, sourceRoot, problems);
  if (command !== undefined) return commandSource(command, problems);
  // A whole key file names its key.
  if (secret === null || (id === null && !/^["']?\{/.test(secret.text))) {
    problems.push({
      where: first,
      what: `set without ${id === null ? "the name of the key" : "its private key"}`,
      fix: `Set ${id === null ? "COINBASE_API_KEY" : "COINBASE_API_SECRET"} too, or unset both`,
    });
    return null;
  }
  return {
    from: "environment",
    setting: secret.key,
    name: id && new Secret(id.text),
    secret: new Secret(secret.text),
  };
}

/** The one value among several names of one thing. Two names with different values are a problem. */
function oneOf(env: Env, keys: readonly Key[], problems: Problem[]) {
  const found = keys.flatMap((key) => {
    const text = env.values.get(key)?.text;
    return text === undefined ? [] : [{ key, text }];
  });
  const first = found[0];
  const other = found.find((each) => each.text !== first?.text);
  if (first !== undefined && other !== undefined) {
    problems.push({
      where: other.key,
      what: `differs from ${first.key}, which is another name for it`,
      fix: `Unset ${other.key} or ${first.key}`,
    });
  }
  return first ?? null;
}

function fileSource(env: Env, shown: string, notIn: string, problems: Problem[]): KeySource | null {
  const path = resolve(env.cwd, shown);
  const source = { from: "file", setting: "COINBASE_KEY_FILE", path, shown, notIn } as const;
  const text = readKeyFile(source);
  if (text.ok) return source;
  problems.push(text.error);
  return null;
}

function commandSource(line: string, problems: Problem[]): KeySource | null {
  const words = commandWords(line);
  if (words.ok) {
    return { from: "command", setting: "COINBASE_KEY_COMMAND", line: new Secret(line) };
  }
  problems.push({
    where: "COINBASE_KEY_COMMAND",
    what: `the command ${words.error}`,
    fix: "Write a program and its words, in quotes where needed; it runs without a shell unless you write sh -c '…'",
  });
  return null;
}

function readCreated(env: Env, problems: Problem[]): Instant | null {
  const value = env.values.get("COINBASE_KEY_CREATED");
  if (value === undefined) return null;
  const at = /^20\d\d-\d\d-\d\d$/.test(value.text) ? Date.parse(`${value.text}T00:00:00Z`) : NaN;
  // Date.parse takes the 31st of any month for a day of the next one.
  if (!Number.isNaN(at) && new Date(at).toISOString().startsWith(value.text)) return instant(at);
  problems.push({
    where: `COINBASE_KEY_CREATED${value.from}`,
    what: `cannot be ${JSON.stringify(value.text).slice(0, 40)}`,
    fix: "Write the day the API key was made as YYYY-MM-DD, or unset it",
  });
  return null;
}
