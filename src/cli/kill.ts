/** The verb `kill`: cancels every open order of this desk and leaves the kill for its next start. It needs no database and no desk. */
// It sends nothing but reads and cancels, and never lets go of what it cannot prove: only a listing ends it with 0.
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { KeyError } from "../adapters/coinbase/keys.ts";
import { accounts } from "../adapters/coinbase/rest/accounts.ts";
import { netTransport } from "../adapters/net/net-transport.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { systemTimers } from "../adapters/system/timers.ts";
import { clean } from "../chat/clean.ts";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/errors.ts";
import { type Loaded, loadConfig } from "../config/load.ts";
import { footingOf } from "../config/profiles.ts";
import type { Timers } from "../ports/timers.ts";
import { UsageError } from "./flags.ts";
import { loadKey } from "./key-source.ts";
import { type DemoExchange, findNote } from "./kill-demo.ts";
import { type KillLatch, killLatch } from "./kill-latch.ts";
import { type Swept, sweep } from "./kill-sweep.ts";
import { flagsOf, noWords, SHELL, type Shell, told, VenueError } from "./look.ts";
import { placeOf } from "./place.ts";
import { openVenueCalls, type VenueCalls } from "./venue-calls.ts";

const FLAGS = {
  profile: { type: "string" },
  all: { type: "boolean" },
  reason: { type: "string" },
  help: { type: "boolean" },
} as const;

const HELP = `npm run claudbot -- kill [flags]
  cancels every open order of this desk at the venue and leaves the kill for its next start; needs no desk and no database
  --reason TEXT     why, for the record
  --profile NAME    whose settings and key; as start takes them
  --all             every open order of the account, whoever placed it; asks once more
ends with 0 when the venue shows nothing open, 1 when some remain, 2 when it cannot be read
`;
const CLEAR = 0;
const LEFT = 1;
const UNREAD = 2;
const DESK_MS = 1500;

interface Typed extends Shell {
  /** Where `--all` is confirmed. */
  readonly input: Readable;
  readonly timers: Timers;
}

const TERMINAL: Typed = { ...SHELL, input: process.stdin, timers: systemTimers };

/** 0: the venue shows nothing open. 1: some remain, or the latch could not be written. 2: the venue could not be read. */
export const kill = (args: readonly string[], shell: Typed = TERMINAL): Promise<number> =>
  told(
    "kill",
    shell,
    async () => {
      const { values, positionals } = flagsOf(args, FLAGS);
      if (values.help) {
        shell.out(HELP);
        return CLEAR;
      }
      noWords(positionals, "say why as --reason TEXT");
      const loaded = loadConfig(shell.env(), { profile: values.profile ?? null });
      const all = values.all ?? false;
      if (all) await confirmed(shell);
      const reason = clean(values.reason ?? "") || "claudbot kill";
      return run(shell, loaded, { all, reason });
    },
    "acts",
  );

/** @throws UsageError */
async function confirmed({ input, out }: Typed): Promise<void> {
  out("--all cancels every open order of this account, whoever placed it. Type ALL to do so: ");
  const reader = createInterface({ input, terminal: false });
  const line = await new Promise<string>((resolve) => {
    reader.once("line", resolve);
    reader.once("close", () => resolve(""));
  });
  reader.close();
  if (line.trim() !== "ALL") {
    throw new UsageError(
      "nothing was done: without --all only this desk's own orders are cancelled",
    );
  }
}

interface Wish {
  readonly all: boolean;
  readonly reason: string;
}

async function run(shell: Typed, loaded: Loaded, { all, reason }: Wish): Promise<number> {
  const { config } = loaded;
  const say = (line: string): void => shell.out(`${line}\n`);
  const path = placeOf(config, true).emergencyFile;
  const latch = killLatch(path, systemClock.now(), reason);
  const isLatched = await written(latch, path, shell);
  if (isLatched) say(`the next start of this desk is killed: ${path}`);
  if (isLatched && placeOf(config, false).fresh) {
    say("a demo forgets that when it begins anew, which it does without --keep");
  }
  const code = await atVenue(shell, loaded, all);
  if (isLatched) await latch.keep().catch(() => undefined);
  await tellOfDesk(config, say);
  say(
    "What is held is not touched, and its stops are not watched by anybody while no desk trades.",
  );
  return code === CLEAR && !isLatched ? LEFT : code;
}

async function written(latch: KillLatch, path: string, { err }: Shell): Promise<boolean> {
  try {
    await latch.write();
    return true;
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "it failed";
    err(
      `kill: ${path} cannot be written (${why}): THE NEXT START TRADES. Cancelling all the same.\n`,
    );
    return false;
  }
}

async function atVenue(shell: Typed, loaded: Loaded, all: boolean): Promise<number> {
  const say = (line: string): void => shell.out(`${line}\n`);
  const { profile, name, deployId } = loaded.config;
  if (["paper", "shadow"].includes(footingOf(profile))) {
    say(`a ${profile} desk sends no order to any venue: its own end with its next start`);
    return CLEAR;
  }
  try {
    const at = await venueOf(loaded);
    const calls = openVenueCalls(at);
    try {
      say(`${profile} ${name}: open orders named ${deployId}-… at ${at.rest}`);
      const swept = await sweep({
        ...{ http: calls.http, correct: calls.correct, namespace: deployId, all, say },
        ...{ clock: systemClock, timers: shell.timers },
      });
      const code = tell(swept, shell);
      if (code !== UNREAD) await tellHoldings(calls, say);
      return code;
    } finally {
      await calls.close();
    }
  } catch (error) {
    const isKnown = [KeyError, ConfigError, VenueError].some((kind) => error instanceof kind);
    if (!isKnown || !(error instanceof Error)) throw error;
    shell.err(`kill: the venue could not be read: ${error.message}\n`);
    return UNREAD;
  }
}

/** @throws VenueError, KeyError or ConfigError, each with its fix */
async function venueOf({ config, secrets }: Loaded): Promise<DemoExchange> {
  if (config.venue.kind === "loopback") {
    const { ledgerFile } = placeOf(config, true);
    const note = ledgerFile === null ? null : findNote(ledgerFile);
    if (note !== null) return note;
    throw new VenueError("the demo's exchange runs with its desk, and neither runs now");
  }
  const key = await loadKey(secrets.venueKey);
  if (key !== null) return { rest: config.venue.rest, key };
  throw new VenueError(
    "this needs an API key: set COINBASE_API_KEY and COINBASE_API_SECRET, or COINBASE_KEY_FILE",
  );
}

function tell(swept: Swept, { out, err }: Shell): number {
  if (swept.kind === "unread") {
    err(
      `kill: the venue could not be read: ${swept.why}. Say it again, or cancel at the venue itself.\n`,
    );
    return UNREAD;
  }
  if (swept.foreign > 0) {
    out(`${swept.foreign} open that are not this desk's stay; --all cancels them, too\n`);
  }
  if (swept.kind === "clear") {
    const became = [...swept.became].map(([word, times]) => `${times} ${word}`).join(", ");
    out(`nothing open, looked twice${became === "" ? "" : `: ${became}`}\n`);
    return CLEAR;
  }
  err(`kill: ${swept.open.length} STILL OPEN. Say it again, or cancel at the venue itself:\n`);
  for (const { line } of swept.open) err(`  ${line}\n`);
  return LEFT;
}

async function tellHoldings({ http }: VenueCalls, say: (line: string) => void): Promise<void> {
  const read = await accounts(http);
  if (!read.ok) return say("what is held could not be read");
  const isHeld = ({ available, hold }: (typeof read.value.rows)[number]): boolean =>
    [available, hold].some((amount) => /[1-9]/.test(amount));
  const rows = read.value.rows.filter(isHeld).map(({ currency, available, hold }) => {
    const bound = /[1-9]/.test(hold) ? ` and ${hold} on hold` : "";
    return `${available}${bound} ${currency}`;
  });
  say(`held in this portfolio: ${rows.length === 0 ? "nothing" : rows.join(", ")}`);
}

/** A desk that runs keeps its latch in memory: this does not reach it. */
async function tellOfDesk({ http }: Config, say: (line: string) => void): Promise<void> {
  const host = ["0.0.0.0", "::"].includes(http.host) ? "127.0.0.1" : http.host;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${http.port}`;
  const transport = netTransport();
  const request = { method: "GET", url: `${url}/metrics`, headers: {}, body: null } as const;
  const reply = await transport.request({ ...request, timeoutMs: DESK_MS });
  await transport.close();
  const answers = "status" in reply && reply.body.includes("claudbot_build_info");
  say(
    answers
      ? `A DESK RUNS (${url}) and was not told: say /kill to it in its chat or console, or stop it. Until then it may send new orders.`
      : "No desk answers here. One that runs all the same was not told: say /kill to it, or stop it.",
  );
}
