/** The verb `setup`: checks a platform's tokens, then links a person or adds a room. It runs no desk and trades nothing. */
import type { Readable, Writable } from "node:stream";
import { serveHooks } from "../adapters/http/hooks.ts";
import { netTransport } from "../adapters/net/net-transport.ts";
import { fetchOver } from "../adapters/net/transport-fetch.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import { createLog } from "../adapters/system/log.ts";
import { systemTimers } from "../adapters/system/timers.ts";
import { readEnv } from "../config/env.ts";
import { ConfigError } from "../config/errors.ts";
import { type Loaded, loadConfig } from "../config/load.ts";
import type { Hook } from "../ports/hook.ts";
import type { Log } from "../ports/log.ts";
import { type Closer, closingAfter } from "./closing.ts";
import { UsageError } from "./flags.ts";
import { loginPerson, SETUP_HELP, type SetupFlags, setupFlags } from "./setup-flags.ts";
import { linkSomebody } from "./setup-link.ts";
import { openForSetup } from "./setup-open.ts";
import { addSomeRoom } from "./setup-room.ts";
import { openListening, type Session, SetupEnd } from "./setup-session.ts";
import { openTerminal } from "./setup-terminal.ts";
import { stopSignal } from "./stop-signal.ts";

const USAGE = 2;
/** A long poll lasts half a minute; what is sent gives up sooner by itself. */
const REQUEST_MS = 60_000;

/** @returns 0 when it is done, 1 when it could not be, 2 for what was asked wrongly or is not set */
export async function setup(args: readonly string[]): Promise<number> {
  try {
    const flags = setupFlags(args);
    if (flags === null) {
      process.stdout.write(SETUP_HELP);
      return 0;
    }
    const env = readEnv();
    const loaded = loadConfig(env, { profile: null });
    return await runSetup({
      ...loaded,
      flags,
      login: env.user,
      input: process.stdin,
      output: process.stdout,
      until: stopSignal(),
    });
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return USAGE;
  }
}

export interface SetupOptions extends Loaded {
  readonly flags: SetupFlags;
  /** The account this runs under. */
  readonly login: string;
  readonly input: Readable;
  readonly output: Writable;
  /** Resolves when whoever sits there has had enough. */
  readonly until: Promise<unknown>;
}

/** @returns the exit code. Nothing is left half done, however it ends. */
export async function runSetup(options: SetupOptions): Promise<number> {
  const terminal = openTerminal(options.input, options.output);
  try {
    await closingAfter((onClose) => run(options, terminal, onClose));
    return 0;
  } catch (error) {
    if (!(error instanceof SetupEnd)) throw error;
    terminal.say(...error.lines);
    return error.code;
  } finally {
    terminal.close();
  }
}

async function run(
  options: SetupOptions,
  terminal: Session["terminal"],
  onClose: (close: Closer) => void,
): Promise<void> {
  const { config, flags } = options;
  const stop = new AbortController();
  const end = (why: SetupEnd): void => stop.abort(why);
  void options.until.then(() => end(new SetupEnd(["", "Stopped."])));
  const transport = netTransport();
  onClose(() => transport.close());
  const log = config.logLevel === "debug" ? createLog({ level: "debug" }) : SILENT;
  const opened = await unless(
    stop.signal,
    openForSetup({
      ...options,
      ...{ terminal, end, isOver: () => stop.signal.aborted, log },
      ...{ clock: systemClock, timers: systemTimers },
      ...{ fetch: fetchOver(transport, REQUEST_MS), openSocket: transport.openSocket },
    }),
  );
  await serve(opened.hook, config, log, onClose);
  const listening = openListening(terminal);
  const { chat } = opened;
  const session: Session = {
    ...{ chat, terminal, config, listening, stop: stop.signal },
    ...{ clock: systemClock, timers: systemTimers, entropy: systemEntropy },
  };
  onClose(() => chat.ears.stop());
  // Whatever still waits is let go before the doors close.
  onClose(async () => end(new SetupEnd([])));
  chat.ears.start(listening.hearer);
  const { what } = flags;
  if (what.kind === "room") return addSomeRoom(session, what);
  const usual = loginPerson(options.login);
  await linkSomebody(session, {
    ...what,
    id: what.id ?? usual.id,
    usualName: nameOf(what.id, usual),
    sitsHere: what.id === null || what.id === usual.id,
  });
}

/** Without a name of their own, people are called by their id. */
const nameOf = (id: string | null, usual: ReturnType<typeof loginPerson>): string =>
  id === null || id === usual.id ? usual.name : id;

/** Where the platform calls us, and not we it. */
async function serve(
  hook: Hook | null,
  config: Loaded["config"],
  log: Log,
  onClose: (close: Closer) => void,
): Promise<void> {
  const at = config.chat.hooks;
  if (hook === null || at === null) return;
  const server = await serveHooks({ ...at, hooks: [hook], log });
  if (!server.ok) throw new SetupEnd([`${server.error}, or stop the running desk first.`]);
  onClose(() => server.value.close());
}

/** @throws the signal's reason when it is aborted first; what was begun is left to end by itself */
function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/** What goes wrong is told in words; a log beside them would only be in the way. */
const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
