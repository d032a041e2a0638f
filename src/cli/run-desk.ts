/** Puts a whole desk together, runs it until it is told to stop, and takes it apart again. No logic of its own. */
import type { Readable, Writable } from "node:stream";
import { summary as journalSummary } from "../adapters/postgres/reports.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { emergencyFile } from "../adapters/system/emergency-file.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import { createLog } from "../adapters/system/log.ts";
import { systemTimers } from "../adapters/system/timers.ts";
import type { Loaded } from "../config/load.ts";
import type { Settings } from "../core/engine/state.ts";
import type { Strategy } from "../core/strategy/strategy.ts";
import type { MarketMode } from "../exchange/options.ts";
import type { Log } from "../ports/log.ts";
import type { Query } from "../ports/query.ts";
import type { Timers } from "../ports/timers.ts";
import type { Transport } from "../ports/transport.ts";
import { type DeskHooks, type DeskPorts, openDesk, type RunningDesk } from "../run/desk.ts";
import { LEASE_MS } from "../run/lease-keeper.ts";
import { recover } from "../run/recover.ts";
import { type ChatPorts, openChatDoor } from "./chat-door.ts";
import { type Closer, closingAfter } from "./closing.ts";
import { deferred } from "./deferred.ts";
import { watchGolive } from "./golive-watch.ts";
import { intro } from "./intro.ts";
import { type Hangups, keyAfterWait, openKeyDoor } from "./key-door.ts";
import { loadKey } from "./key-source.ts";
import { openKillWays } from "./kill-ways.ts";
import { onRung } from "./on-rung.ts";
import { refuseOrphans } from "./orphans.ts";
import { openPages } from "./pages.ts";
import { moveIn, placeOf } from "./place.ts";
import { openRecording, type RecordOptions } from "./recording.ts";
import { reviver } from "./reviver.ts";
import { deskSettings } from "./settings.ts";
import { watchSkew } from "./skew.ts";
import { openStore, type StoreDressing } from "./store.ts";
import { type RunSummary, summarize } from "./summary.ts";
import type { Time } from "./venue-calls.ts";
import { openVenueDoor } from "./venue-door.ts";
import { VERSION } from "./version.ts";

export interface RunOptions extends Loaded {
  readonly headless: boolean;
  readonly keep: boolean;
  /** Waits until no other desk runs on this database, instead of being refused. */
  readonly standby?: boolean;
  /** Begins paused, whatever the journal says. */
  readonly reduceOnly?: boolean;
  /** How long a lease is good; tests are in more of a hurry. */
  readonly leaseMs?: number;
  readonly input: Readable;
  readonly output: Writable;
  /** Resolves with the reason when the desk is to stop: a signal, a time that is over. */
  readonly until: Promise<string>;
  /** Called once the desk runs. */
  readonly ready?: (desk: Query) => void;
  /** Decides instead of the configured strategy. */
  readonly strategy?: Strategy;
  /** Keeps the inputs of the run. */
  readonly record?: RecordOptions;
  /** What an exchange of our own replays; its recording unless told. */
  readonly market?: MarketMode;
  /** Tests stand in the doors here, e.g. to die before or after a call. */
  readonly decorate?: (ports: DeskPorts) => DeskPorts;
  readonly decorateChat?: (ports: ChatPorts) => ChatPorts;
  readonly decorateStore?: StoreDressing;
  readonly decorateNet?: (transport: Transport) => Transport;
  /** In whose time all of it happens; the machine's unless told. */
  readonly time?: Time;
  /** Waits of the chat platforms' doors; the system's unless told. */
  readonly chatTimers?: Timers;
}

export interface RunEnd {
  /** Null when there is none: it only stood by, another desk took over, or the journal could not be read any more. */
  readonly summary: RunSummary | null;
  /** Why the desk stopped itself, or null when it was told to. */
  readonly fatal: string | null;
  /** Another desk holds the lease now. */
  readonly isOvertaken: boolean;
  /** The desk shut itself down: it is killed, and so is its next start. */
  readonly isEmergency: boolean;
  /** It goes on at another venue: to be run again. */
  readonly isMoving: boolean;
}

const STOOD_BY: RunEnd = {
  ...{ summary: null, fatal: null, isOvertaken: false, isEmergency: false, isMoving: false },
};
const MACHINE: Time = { clock: systemClock, timers: systemTimers };
const DRAIN_MS = 5000;

/** @throws an Error of one line, with the fix, when the desk cannot begin. */
export async function runDesk(options: RunOptions): Promise<RunEnd> {
  return closingAfter((onClose) => run(options, onClose));
}

async function run(options: RunOptions, onClose: (close: Closer) => void): Promise<RunEnd> {
  const runId = systemEntropy.hex(4);
  const fatal = deferred<string>();
  const moving = deferred<string>();
  const asked = (options.time ?? MACHINE).clock.now();
  const parts = await assemble(options, { runId, onClose, fatal: fatal.resolve });
  if (parts === null) return STOOD_BY;
  const { base, place, store, recovered, door, skew, keys, chat, pages, ways, here } = parts;
  const begun = options.standby ? parts.since : asked;
  const { courier } = chat;
  // The running desk goes on with this very object: its number must be read now.
  const before = recovered.desk.seq;
  let firstFill: number | null = null;
  const emergency = deferred<string>();
  const hooks: DeskHooks = {
    decided: (events) => {
      courier.hear(events);
      ways.hear(events);
    },
    committed: (events) => {
      const filled = events.find(({ body }) => body.kind === "order.filled");
      firstFill ??= filled ? (filled.at - begun) / 1000 : null;
      store.projector.nudge();
      for (const event of events) pages.hear(event);
      courier.nudge();
    },
    unavailable: reviver(store.database, unwritten(base.log)),
    fatal: fatal.resolve,
    reopen: moving.resolve,
    shutDown: emergency.resolve,
  };
  const { profile: mode, name, deployId } = here;
  const identity = { mode, name, version: VERSION, run: runId };
  const settings = settingsOf(options, door.venue.admissionMs, parts.key !== null);
  const ports: DeskPorts = {
    ...base,
    ...openRecording({ ...options, ...base, identity, settings, onClose }),
    entropy: systemEntropy,
    journal: store.journal,
    emergency: ways.lines(emergencyFile(place.emergencyFile)),
    feed: door.feed,
    venue: door.venue,
    standing: store.standing,
  };
  const dressed = options.decorate?.(ports) ?? ports;
  const desk = await openDesk(dressed, settings, identity, recovered, hooks);
  ways.open(desk, chat.lockedUntil);
  skew.tell(desk.measured);
  pages.show(() => desk.view());
  const ears = await chat.open({ engine: desk, query: desk, input: options.input, run: runId });
  onClose(checksBeside(parts, desk, settings));
  const hangups = hangupsAt(options);
  const watched = keys.open({ notices: desk, hangups, output: options.output });
  onClose(async () => watched.stop());
  options.ready?.(desk);

  const stopped = await Promise.race([options.until, fatal.promise, moving.promise]);
  watched.stop();
  desk.drain();
  await ears.stop();
  await desk.close(stopped);
  const fate = (): Omit<RunEnd, "summary"> => ({
    fatal: fatal.value(),
    isOvertaken: store.standing.isLost,
    isEmergency: emergency.value() !== null,
    isMoving: moving.value() === stopped && fatal.value() === null,
  });
  // What there is still to say, and what the run comes to, is the other desk's.
  if (store.standing.isLost) return { summary: null, ...fate() };
  await courier.drain(DRAIN_MS);
  const seconds = (base.clock.now() - begun) / 1000;
  const reading = journalSummary(store.database.desk, before, begun);
  const counted = await reading.catch(unreadable(fatal.resolve));
  const told = { mode, seconds, stopped, firstFillSeconds: firstFill, deployId, begun };
  const summary = counted && summarize(told, counted, await door.ledger());
  return { summary, ...fate() };
}

const unwritten = (log: Log) => (why: string) => log.warn("the database takes no events", { why });

function settingsOf(
  { config, strategy }: RunOptions,
  admissionMs: number,
  hasKey: boolean,
): Settings {
  const settings = { ...deskSettings(config, admissionMs), keyless: !hasKey };
  return strategy === undefined ? settings : { ...settings, strategy };
}

type Parts = NonNullable<Awaited<ReturnType<typeof assemble>>>;

const checksBeside = (
  { base, door, key, recovered, here }: Parts,
  { checked, view }: RunningDesk,
  { routes = [] }: Settings,
): Closer =>
  watchGolive({
    ...{ ...base, mode: here.profile, coinbase: door.coinbase, hasKey: key !== null },
    ...{ checked, view, durable: recovered.desk, routes },
  });

const unreadable = (fatal: (why: string) => void) => (error: unknown) => {
  fatal(`the journal cannot be read: ${String(error)}`);
  return null;
};

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
  const base = { config, secrets, ...(options.time ?? MACHINE), log };
  const early = await loadKey(secrets.venueKey);
  const standby = options.standby ?? false;
  const place = placeOf(config, options.keep || standby);
  const ways = await openKillWays({ ...base, run: runId });
  onClose(async () => ways.close());
  const pages = await openPages(config, log, ways.admin);
  onClose(pages.close);
  const store = await openStore({
    ...base,
    fresh: place.fresh,
    standby,
    leaseMs: options.leaseMs ?? LEASE_MS,
    dressing: options.decorateStore,
    until: options.until,
    waiting: (holder, where) => {
      const words = `STANDBY: ${holder} runs on ${where}; this desk takes over when that one ends. ${pages.url}/healthz`;
      if (standby) pages.standby(words);
      output.write(`claudbot ${VERSION} · ${standby ? words : seenEnding(holder, where)}\n`);
    },
    lost: () => fatal("another desk took over, and nothing more was sent"),
  });
  if (store === null) return null;
  onClose(store.close);
  pages.standby(null);
  const key = standby ? await keyAfterWait({ ...base, key: early }) : early;
  const since = base.clock.now();
  moveIn(place);
  ways.begin({ reduceOnly: options.reduceOnly ?? false });
  pages.counting(() => store.deliveries.counts());
  const recovered = await recover(store.journal);
  refuseOrphans(config, recovered.desk);
  const { config: here, memory } = onRung(config, recovered.desk, key !== null);
  const door = await openVenueDoor({
    ...base,
    config: here,
    key,
    standing: store.standing,
    desk: memory,
    ledgerFile: place.ledgerFile,
    throttled: pages.throttled,
    disconnected: pages.disconnected,
    decorateNet: options.decorateNet,
    ...(options.market === undefined ? {} : { market: options.market }),
  });
  onClose(door.close);
  const skew = await watchSkew({ ...base, coinbase: door.coinbase });
  onClose(async () => skew.stop());
  const keys = await openKeyDoor({ ...base, config: here, key, coinbase: door.coinbase });
  // Without a reader an operator's console is gone, and with it the means to stop the desk; a log is only a log.
  const outputBroke = (why: string): void => {
    if (!headless) fatal(`its output was closed: ${why}`);
  };
  const chat = await openChatDoor({ ...options, ...base, ...store, config: here, outputBroke });
  onClose(chat.close);
  const rows: [string, string][] = [
    ["database", store.database.where],
    ["prices and orders", door.where],
    ...keys.rows,
    ...chat.rows.map(([name, state]): [string, string] => [name, state]),
    ["pages", `${pages.url}/healthz, /metrics and /admin/status`],
  ];
  const notes = [...door.notes, ...(skew.note === null ? [] : [skew.note]), ...keys.notes];
  output.write(intro({ ...options, config: here }, rows, notes));
  const made = { base, place, store, since, recovered, door, skew, keys };
  return { ...made, chat, pages, ways, here, key };
}

const seenEnding = (holder: string, where: string): string =>
  `${holder} ran on ${where} and perhaps still does: this desk starts when it has not stirred for ${LEASE_MS / 1000} s`;

/** A desk at a terminal ends with it, as any program does; elsewhere SIGHUP asks to read anew what can be read anew. */
const hangupsAt =
  ({ headless, input }: RunOptions): Hangups =>
  (run) => {
    if (!headless && "isTTY" in input && input.isTTY === true) return () => undefined;
    process.on("SIGHUP", run);
    return () => process.off("SIGHUP", run);
  };
