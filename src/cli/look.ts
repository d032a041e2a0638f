/** What the small commands share: flags read, settings loaded, the venue opened, a fault said in one line, an exit code. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { type Fault, faultText } from "../adapters/coinbase/fault.ts";
import { KeyError } from "../adapters/coinbase/keys.ts";
import { type Env, readEnv } from "../config/env.ts";
import { ConfigError } from "../config/errors.ts";
import { type Loaded, loadConfig } from "../config/load.ts";
import type { Result } from "../core/kernel/result.ts";
import { PortError } from "../exchange/listen.ts";
import { UsageError } from "./flags.ts";
import { loadKey } from "./key-source.ts";
import { StartError } from "./start-error.ts";
import { openVenueAt, type VenueAt } from "./venue-at.ts";
import { openVenueCalls, type VenueCalls } from "./venue-calls.ts";

const FAILED = 1;
/** Asked or set wrongly, as sysexits has it: 2 is a verdict of some commands. */
const USAGE = 64;

/** The venue did not do what was asked. */
export class VenueError extends Error {
  override readonly name = "VenueError";
}

/** Where a command reads its settings and says what it has to say. */
export interface Shell {
  readonly env: () => Env;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export const SHELL: Shell = {
  env: readEnv,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

export interface Look {
  readonly loaded: Loaded;
  readonly at: VenueAt;
  readonly calls: VenueCalls;
  readonly say: (text: string) => void;
}

/**
 * 0 when it was done, 1 when venue or machine did not let it, 64 for what was asked or set wrongly. Whoever read along may
 * leave: a command that only looks has nothing left to do then, one that acts goes on to its end.
 */
export async function told(
  verb: string,
  shell: Shell,
  run: () => Promise<number>,
  kind: "looks" | "acts" = "looks",
): Promise<number> {
  if (shell === SHELL) {
    process.stdout.on("error", () => {
      if (kind === "looks") process.exit(0);
    });
  }
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const usage = [UsageError, ConfigError].some((kind) => error instanceof kind);
    const failed = [VenueError, StartError, PortError, KeyError].some(
      (kind) => error instanceof kind,
    );
    if (!usage && !failed) throw error;
    shell.err(`${verb}: ${error.message}\n`);
    return usage ? USAGE : FAILED;
  }
}

/** Looks at the venue that the settings name, and closes everything again. */
export async function looking<T>(
  { env, out }: Shell,
  profile: string | undefined,
  look: (look: Look) => Promise<T>,
): Promise<T> {
  const loaded = loadConfig(env(), { profile: profile ?? null });
  const at = await openVenueAt(loaded);
  try {
    const key = at.ownKey ?? (await loadKey(loaded.secrets.venueKey));
    const calls = openVenueCalls({ rest: at.rest, key });
    try {
      return await look({ loaded, at, calls, say: out });
    } finally {
      await calls.close();
    }
  } finally {
    await at.close();
  }
}

/** @throws VenueError */
export function orRefuse<T>(result: Result<T, Fault>, what: string): T {
  if (result.ok) return result.value;
  throw new VenueError(
    `${what}: ${faultText(result.error)}; npm run claudbot -- doctor finds the cause`,
  );
}

/** @throws VenueError where there is no key */
export function needsKey({ calls }: Look): void {
  if (calls.access === "signed") return;
  throw new VenueError(
    "this needs an API key: set COINBASE_API_KEY and COINBASE_API_SECRET, or COINBASE_KEY_FILE",
  );
}

/** @throws UsageError naming the flags there are */
export function flagsOf<const O extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: O,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    const what = error instanceof Error ? error.message.split(/[.\n]/, 1)[0] : String(error);
    throw new UsageError(`${what}; flags are --${Object.keys(options).join(", --")}`);
  }
}

/** @throws UsageError for words that the command would pass over */
export function noWords(words: readonly string[], instead: string): void {
  if (words.length > 0) throw new UsageError(`what is "${words.join(" ")}" for? ${instead}`);
}

/** @throws UsageError */
export function wholeNumber(flag: string, text: string, most: number): number {
  if (/^[1-9]\d{0,8}$/.test(text) && Number(text) <= most) return Number(text);
  throw new UsageError(`${flag} cannot be "${text}"; give a whole number from 1 to ${most}`);
}
