/**
 * Group commit. Outcomes queue while one append is under way, then go down together; effects that raise risk are released
 * in commit order once their events are durable. Reads leave at once; cancels leave after a line fsynced to disk.
 */
import type { Effect } from "../core/engine/effect.ts";
import type { Event } from "../core/engine/event.ts";
import type { RecalledLatch } from "../core/engine/input.ts";
import type { Outcome } from "../core/engine/turn.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Emergency } from "../ports/emergency.ts";
import type { Journal, JournalFault } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";

/** Events waiting for a database that does not answer; beyond this, or this long, the desk stops and recovers. */
export const UNWRITTEN_BOUND = 20_000;
export const UNWRITTEN_MS = 120_000;
const RETRY_MS = 250;
const READS: ReadonlySet<Effect["kind"]> = new Set(["find", "list", "backfill"]);

export interface WriterPorts {
  readonly journal: Journal;
  readonly emergency: Emergency;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Called with each effect when it may leave. */
  release(effect: Effect): void;
  /** Called with events once they are durable, in order. */
  committed(events: readonly Event[]): void;
  /** Called while the database does not take events, at each retry. */
  unavailable(detail: string, unwritten: readonly Event[]): void;
  /** The desk must stop: nothing that was not durable has left. */
  fatal(why: string): void;
}

export interface Writer {
  write(outcome: Outcome, durable?: () => void): void;
  /** Resolves when everything written so far is durable, or false after `ms` and when the desk has stopped itself. */
  flush(ms: number): Promise<boolean>;
  /** The last durable event. */
  readonly seq: number;
  readonly waiting: number;
}

interface Pending {
  readonly outcome: Outcome;
  readonly durable: (() => void) | undefined;
}

export function createWriter(ports: WriterPorts, startSeq: number): Writer {
  let queue: Pending[] = [];
  let busy = false;
  let stopped = false;
  let seq = startSeq;
  let failingSince: Instant | null = null;
  const idle = idleness(ports.timers);

  const settle = (batch: readonly Pending[], events: readonly Event[]): void => {
    failingSince = null;
    seq = events.at(-1)?.seq ?? seq;
    ports.committed(events);
    for (const { outcome, durable } of batch) {
      for (const effect of outcome.effects) if (effect.kind === "place") ports.release(effect);
      durable?.();
    }
  };

  const stop = (why: string): void => {
    stopped = true;
    idle.ended();
    ports.fatal(why);
  };

  const retry = (batch: Pending[], events: readonly Event[], fault: JournalFault): void => {
    const now = ports.clock.now();
    failingSince ??= now;
    const why = hopeless(fault, events.length, now - failingSince);
    if (why !== null) return stop(why);
    queue = [...batch, ...queue];
    ports.unavailable("detail" in fault ? fault.detail : fault.kind, events);
    ports.timers.after(RETRY_MS, () => {
      busy = false;
      wake();
    });
  };

  const pump = async (): Promise<void> => {
    if (busy || stopped) return;
    busy = true;
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      const events = batch.flatMap(({ outcome }) => outcome.events);
      const result =
        events.length === 0
          ? ({ ok: true, value: undefined } as const)
          : await ports.journal.append(events);
      if (!result.ok) return retry(batch, events, result.error);
      settle(batch, events);
    }
    busy = false;
    idle.reached();
  };

  /** An exception here is a bug: what was released is durable, and nothing more leaves. */
  const wake = (): void => void pump().catch((error: unknown) => stop(`a bug: ${String(error)}`));

  const write: Writer["write"] = (outcome, durable) => {
    if (stopped) return;
    for (const effect of outcome.effects) {
      if (READS.has(effect.kind)) ports.release(effect);
    }
    rush(ports, outcome);
    queue.push({ outcome, durable });
    wake();
  };

  const flush = (ms: number): Promise<boolean> => {
    if (stopped) return Promise.resolve(false);
    return !busy && queue.length === 0 ? Promise.resolve(true) : idle.wait(ms);
  };

  return {
    write,
    flush,
    get seq() {
      return seq;
    },
    get waiting() {
      return queue.length;
    },
  };
}

/** Those who wait for the queue to be empty. */
function idleness(timers: Timers) {
  let waiting: ((isIdle: boolean) => void)[] = [];
  const tell = (isIdle: boolean): void => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve(isIdle);
  };
  return {
    reached: () => tell(true),
    /** It will not be reached any more. */
    ended: () => tell(false),
    wait: (ms: number): Promise<boolean> =>
      new Promise((resolve) => {
        const cancel = timers.after(ms, () => resolve(false));
        waiting.push((isIdle) => {
          cancel();
          resolve(isIdle);
        });
      }),
  };
}

/** Why a failed append is not tried again, or null when it is. */
function hopeless(fault: JournalFault, unwritten: number, failingMs: number): string | null {
  if (fault.kind === "fenced") return "another desk took over this journal";
  if (fault.kind === "out-of-order") return `journal and memory disagree: ${fault.detail}`;
  if (failingMs < UNWRITTEN_MS && unwritten <= UNWRITTEN_BOUND) return null;
  return `the database took nothing for ${Math.round(failingMs / 1000)} s: ${fault.detail}`;
}

/** Latches and cancels do not wait for the database: a line on disk first, then the cancel leaves. */
function rush(ports: WriterPorts, { events, effects }: Outcome): void {
  const cancels = effects.filter((effect) => effect.kind === "cancel");
  const latches = events.flatMap(latchOf);
  if (cancels.length === 0 && latches.length === 0) return;
  const release = (): void => {
    for (const cancel of cancels) ports.release(cancel);
  };
  if (latches.length === 0) return release();
  ports.emergency.append(JSON.stringify({ latches })).then(release, (error: unknown) => {
    // A full disk must not stop a cancel.
    ports.log.error("the emergency line could not be written; cancelling all the same", {
      why: String(error),
    });
    release();
  });
}

function latchOf({ body }: Event): readonly RecalledLatch[] {
  if (body.kind === "trading.killed") return [{ latch: "killed", latched: body.latch }];
  if (body.kind === "trading.paused") return [{ latch: "paused", latched: body.latch }];
  if (body.kind === "trading.halted") return [{ latch: "halted", latched: body.latch }];
  return body.kind === "breaker.tripped" ? [{ latch: "trip", trip: body.trip }] : [];
}
