/** The environment as it stands: the variables of the process, then those of files. Sole reader of process.env. */
// It knows which names exist and where a value came from, not what a value means.
import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnvFile } from "./env-file.ts";
import { ConfigError, type Problem, suggestion } from "./errors.ts";
import { isKey, isSecret, KEYS, type Key } from "./keys.ts";

interface Value {
  readonly text: string;
  /** ` (in ./.env:12)`, or empty when it comes from the process. */
  readonly from: string;
}

export interface Env {
  /** Only keys of the schema, only values that are not empty. */
  readonly values: ReadonlyMap<Key, Value>;
  /** Name of the account this runs under, or empty. */
  readonly user: string;
  readonly isRoot: boolean;
  readonly cwd: string;
  /** Names of the usual proxy variables that are set. Connections are made directly all the same. */
  readonly proxies: readonly string[];
  /** Sentences for whoever starts the desk: what was read, ignored or left open to others. */
  readonly notes: readonly string[];
}

interface Variables {
  readonly USER?: string | undefined;
  readonly [key: string]: string | undefined;
}

export interface EnvSource {
  readonly variables?: Variables;
  /** Read in this order; what is set first stays. By default .env, ../.env and the place of the 2025 desk. */
  readonly files?: readonly string[];
  readonly cwd?: string;
}

const PROXIES = [
  "HTTPS_PROXY",
  "https_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "ALL_PROXY",
  "all_proxy",
];
const USUAL_FILES = [".env", "../.env", "/opt/coinbase/env/bot.env"];

/** @throws ConfigError listing every line of a file that cannot be read. */
export function readEnv(source: EnvSource = {}): Env {
  const variables: Variables = source.variables ?? process.env;
  const cwd = source.cwd ?? process.cwd();
  const values = new Map<Key, Value>();
  const notes: string[] = [];
  const problems: Problem[] = [];
  const set = new Set<string>();
  for (const key of Object.keys(KEYS).filter(isKey)) {
    const text = variables[key];
    if (text === undefined) continue;
    set.add(key);
    if (text.trim() !== "") values.set(key, { text: text.trim(), from: "" });
  }
  const chosen = values.get("BOT_ENV_FILE")?.text;
  for (const name of chosen === undefined ? (source.files ?? USUAL_FILES) : [chosen]) {
    const path = resolve(cwd, name);
    if (!isFile(path)) {
      if (name === chosen) {
        problems.push({
          where: "BOT_ENV_FILE",
          what: `there is no file ${chosen}`,
          fix: "Name an existing file or unset it",
        });
      }
      continue;
    }
    readFile(path, name, { set, values, notes, problems });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    values,
    user: (variables.USER ?? "").trim(),
    isRoot: process.getuid?.() === 0,
    cwd,
    proxies: PROXIES.filter((name) => (variables[name] ?? "") !== ""),
    notes,
  };
}

interface Gathered {
  readonly set: Set<string>;
  readonly values: Map<Key, Value>;
  readonly notes: string[];
  readonly problems: Problem[];
}

function readFile(path: string, name: string, into: Gathered): void {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    into.problems.push({
      where: name,
      what: "cannot be read",
      fix: "Give this account the right to read it",
    });
    return;
  }
  const { uid, mode } = statSync(path);
  // Whoever can write this file chooses the database, the exchange and the policy.
  const trusted = uid === 0 || uid === process.getuid?.() || process.getuid === undefined;
  if (!trusted || (mode & 0o002) !== 0) {
    into.problems.push({
      where: name,
      what: trusted ? "can be changed by every account" : "belongs to another account",
      fix: `Make it yours (chown, chmod 600 ${name}), move it away, or name another in BOT_ENV_FILE`,
    });
    return;
  }
  into.notes.push(`settings are read from ${path}`);
  const parsed = parseEnvFile(text, name);
  into.problems.push(...parsed.problems);
  if ((mode & 0o077) !== 0) {
    into.notes.push(`${name} can be read by other accounts of this machine: chmod 600 ${name}`);
  }
  const here = new Set<string>();
  for (const { key, value, line } of parsed.settings) {
    if (here.has(key)) {
      const where = `${name}:${line}`;
      into.problems.push({ where, what: `${key} is set twice`, fix: "Keep one of the two lines" });
    }
    here.add(key);
    if (!isKey(key)) {
      const near = suggestion(key, Object.keys(KEYS));
      into.notes.push(
        `${name}:${line}: ${key} is not a setting and was ignored${near && `; did you mean ${near}?`}`,
      );
    } else if (!into.set.has(key)) {
      into.set.add(key);
      if (value.trim() !== "")
        into.values.set(key, { text: value.trim(), from: ` (in ${name}:${line})` });
    }
  }
}

/** What a program that we start may know: the variables of this process without any secret of ours. */
export const innocentVariables = (variables: Variables = process.env): Variables =>
  Object.fromEntries(
    Object.entries(variables).filter(([name]) => !(isKey(name) && isSecret(name))),
  );

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
