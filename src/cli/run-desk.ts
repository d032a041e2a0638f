/** Puts a whole desk together, runs it until it is told to stop, and takes it apart again. No logic of its own. */
import type { Readable, Writable } from "node:stream";
import { summary as journalSummary } from "../adapters/postgres/reports.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { emergencyFile } from "../adapters/system/emergency-file.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import { createLog } from "../adapters/system/log.ts";
import { systemTimers } from "../adapters/system/timers.ts";
import { heading } from "../chat/heading.ts";
import type { Loaded } from "../config/load.ts";
import type { Desk } from "../core/engine/desk.ts";
import type { Strategy } from "../core/strategy/strategy.ts";
import type { MarketMode } from "../exchange/options.ts";
import type { Query } from "../ports/query.ts";
import type { Timers } from "../ports/timers.ts";
import { type DeskHooks, type DeskPorts, openDesk } from "../run/desk.ts";
import { recover } from "../run/recover.ts";
import { type ChatPorts, openChatDoor } from "./chat-door.ts";
import { type Closer, closingAfter } from "./closing.ts";
import { type Hangups, openKeyDoor } from "./key-door.ts";
import { loadKey } from "./key-source.ts";
import { openPages } from "./pages.ts";
import { moveIn, placeOf } from "./place.ts";
import { deskSettings } from "./settings.ts";
import { watchSkew } from "./skew.ts";
import { StartError } from "./start-error.ts";
import { openStore, type Store } from "./store.ts";
import { type RunSummary, summarize } from "./summary.ts";
import { openVenueDoor } from "./venue-door.ts";
import { VERSION } from "./version.ts";

export interface RunOptions extends Loaded {
  readonly headless: boolean;
  readonly keep: boolean;
  readonly input: Readable;
  readonly output: Writable;
  /** Resolves with the reason when the desk is to stop: a signal, a time that is over. */
  readonly until: Promise<string>;
  /** Called once the desk runs. */
  readonly ready?: (desk: Query) => void;
  /** Decides instead of the configured strategy. */
  readonly strategy?: Strategy;
  /** What an exchange of our own replays; its recording unless told. */
  readonly market?: MarketMode;
  /** Tests stand in the doors here, e.g. to die before or after a call. */
  readonly decorate?: (ports: DeskPorts) => DeskPorts;
  readonly decorateChat?: (ports: ChatPorts) => ChatPorts;
  /** Waits of the chat platforms' doors; the system's unless told. */
  readonly chatTimers?: Timers;
}

export interface RunEnd {
  /** Null when the journal could not be read any more. */
  readonly summary: RunSummary | null;
  /** Why the desk stopped itself, or null when it was told to. */
  readonly fatal: string | null;
}

const DRAIN_MS = 5000;

/** @throws an Error of one line, with the fix, when the desk cannot begin. */
export async function runDesk(options: RunOptions): Promise<RunEnd> {
  return closingAfter((onClose) => run(options, onClose));
}

async function run(options: RunOptions, onClose: (close: Closer) => void): Promise<RunEnd> {
  const runId = systemEntropy.hex(4);
  const fatal = deferred<string>();
  const begun = systemClock.now();
  const parts = await assemble(options, { runId, onClose, fatal: fatal.resolve });
  const { base, place, store, recovered, door, skew, keys, chat, pages } = parts;
  const { courier } = chat;
  // The running desk goes on with this very object: its number must be read now.
  const before = recovered.desk.seq;
  let firstFill: number | null = null;
  const hooks: DeskHooks = {
    decided: (events) => courier.hear(events),
    committed: (events) => {
      const filled = events.find(({ body }) => body.kind === "order.filled");
      firstFill ??= filled ? (filled.at - begun) / 1000 : null;
      store.projector.nudge();
      for (const event of events) pages.hear(event);
      courier.nudge();
    },
    unavailable: reviver(store, (why) => base.log.warn("the database takes no events", { why })),
    fatal: fatal.resolve,
  };
  const ports: DeskPorts = {
    ...base,
    entropy: systemEntropy,
    journal: store.journal,
    emergency: emergencyFile(place.emergencyFile),
    feed: door.feed,
    venue: door.venue,
  };
  const { profile: mode, name, deployId } = options.config;
  const own = options.strategy === undefined ? {} : { strategy: options.strategy };
  const desk = await openDesk(
    options.decorate?.(ports) ?? ports,
    { ...deskSettings(options.config, door.venue.admissionMs), ...own },
    { mode, name, version: VERSION, run: runId },
    recovered,
    hooks,
  );
  skew.tell(desk.measured);
  pages.show(() => desk.view());
  const ears = await chat.open({ engine: desk, query: desk, input: options.input, run: runId });
  const hangups = hangupsAt(options);
  const watched = keys.open({ notices: desk, hangups, output: options.output });
  onClose(async () => watched.stop());
  options.ready?.(desk);

  const stopped = await Promise.race([options.until, fatal.promise]);
  watched.stop();
  desk.drain();
  await ears.stop();
  await desk.close(stopped);
  await courier.drain(DRAIN_MS);
  const seconds = (systemClock.now() - begun) / 1000;
  const counted = await journalSummary(store.database.desk, before, begun).catch(
    (error: unknown) => {
      fatal.resolve(`the journal cannot be read: ${String(error)}`);
      return null;
    },
  );
  const told = { mode, seconds, stopped, firstFillSeconds: firstFill, deployId, begun };
  const summary = counted && summarize(told, counted, await door.ledger());
  return { summary, fatal: fatal.value() };
}

/** Opens every door, the database first, and says where each leads. */
async function assemble(
  options: RunOptions,
  {
    runId,
    onClose,
    fatal,
  }: { runId: string; onClose: (close: Closer) => void; fatal: (why: string) => void },
) {
  const { config, secrets, output, headless } = options;
  const log = createLog({ level: config.logLevel, fields: { desk: config.name, run: runId } });
  const base = { config, secrets, clock: systemClock, timers: systemTimers, log };
  const key = await loadKey(secrets.venueKey);
  const place = placeOf(config, options.keep);
  const pages = await openPages(config, log);
  onClose(pages.close);
  const store = await openStore({
    ...base,
    fresh: place.fresh,
    lost: () => fatal("another desk took over"),
  });
  onClose(store.close);
  moveIn(place);
  pages.counting(() => store.deliveries.counts());
  const recovered = await recover(store.journal);
  refuseOrphans(options, recovered.desk);
  const door = await openVenueDoor({
    ...base,
    key,
    desk: recovered.desk,
    ledgerFile: place.ledgerFile,
    throttled: pages.throttled,
    disconnected: pages.disconnected,
    ...(options.market === undefined ? {} : { market: options.market }),
  });
  onClose(door.close);
  const skew = await watchSkew({ ...base, coinbase: door.coinbase });
  onClose(async () => skew.stop());
  const keys = await openKeyDoor({ ...base, key, coinbase: door.coinbase });
  // Without a reader an operator's console is gone, and with it the means to stop the desk; a log is only a log.
  const outputBroke = (why: string): void => {
    if (!headless) fatal(`its output was closed: ${why}`);
  };
  const chat = await openChatDoor({ ...options, ...base, ...store, outputBroke });
  onClose(chat.close);
  const rows: [string, string][] = [
    ["database", store.database.where],
    ["prices and orders", door.where],
    ...keys.rows,
    ...chat.rows.map(([name, state]): [string, string] => [name, state]),
    ["pages", `${pages.url}/healthz and /metrics`],
  ];
  const notes = [...(skew.note === null ? [] : [skew.note]), ...keys.notes];
  output.write(intro(options, rows, notes));
  return { base, place, store, recovered, door, skew, keys, chat, pages };
}

/** A desk at a terminal ends with it, as any program does; elsewhere SIGHUP asks to read anew what can be read anew. */
const hangupsAt =
  ({ headless, input }: RunOptions): Hangups =>
  (run) => {
    if (!headless && "isTTY" in input && input.isTTY === true) return () => undefined;
    process.on("SIGHUP", run);
    return () => process.off("SIGHUP", run);
  };

/** A holding without prices could neither be stopped out nor sold: no desk begins so. @throws StartError */
function refuseOrphans({ config }: RunOptions, { positions }: Desk): void {
  const left = [...positions.keys()].filter((held) => !config.products.includes(held));
  if (left.length === 0) return;
  const all = [...config.products, ...left].join(",");
  throw new StartError(
    `The journal holds ${left.join(", ")}, which PRODUCTS leaves out: its stops would be off. Set PRODUCTS=${all}.`,
  );
}

/** Starts an embedded database again when it died; one attempt at a time. */
function reviver(store: Store, warn: (why: string) => void): DeskHooks["unavailable"] {
  let reviving = false;
  return (why) => {
    if (reviving) return;
    reviving = true;
    warn(why);
    (store.database.restart?.() ?? Promise.resolve())
      .catch((error: unknown) => warn(String(error)))
      .finally(() => {
        reviving = false;
      });
  };
}

function intro(
  { config, headless }: RunOptions,
  rows: readonly (readonly [string, string])[],
  notes: readonly string[],
): string {
  const lines = [
    `claudbot ${VERSION} · ${heading(config.profile, config.name)}${config.profile === "demo" ? " · no real money, no real exchange" : ""}`,
    ...rows.map(([what, where]) => `  ${what}: ${where}`),
    ...[...config.notes, ...notes].map((note) => `  note: ${note}`),
    ...(headless ? [] : ["  Type /help for what I understand. Ctrl-C stops the desk."]),
  ];
  return `${lines.join("\n")}\n`;
}

function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  value: () => T | null;
} {
  let settled: T | null = null;
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return {
    promise,
    resolve: (value) => {
      settled ??= value;
      settle(value);
    },
    value: () => settled,
  };
}
