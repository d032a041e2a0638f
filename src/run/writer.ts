/**
 * Group commit. Outcomes queue while one append is under way, then go down together; effects that raise risk are released
 * in commit order once their events are durable. Reads leave at once, cancels as `rush.ts` has it: neither waits for the
 * database, however long that is away.
 */
import type { Effect } from "../core/engine/effect.ts";
import type { Event } from "../core/engine/event.ts";
import type { Outcome } from "../core/engine/turn.ts";
import type { Clock } from "../ports/clock.ts";
import type { Emergency } from "../ports/emergency.ts";
import type { Journal, JournalFault } from "../ports/journal.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import { createOutage, type OutagePorts } from "./outage.ts";
import { createRush } from "./rush.ts";
import { createQueue, LEAVES, type Leaves, type Pending } from "./write-queue.ts";

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
  /** Called at each append that the database did not take. */
  unavailable(detail: string): void;
  failing: OutagePorts["failing"];
  /** The desk must stop: nothing that was not durable has left. */
  fatal(why: string): void;
}

export interface Writer {
  write(outcome: Outcome, durable?: () => void): void;
  /** Resolves when everything written so far is durable, or false after `ms` and when the desk has stopped itself. */
  flush(ms: number): Promise<boolean>;
  /** Tries nothing again from now on. */
  stop(): void;
  /** How long the oldest thing that is not durable yet has waited for it; 0 for none. */
  unwrittenMs(): number;
  /** The last durable event. */
  readonly seq: number;
}

export function createWriter(ports: WriterPorts, startSeq: number): Writer {
  const queue = createQueue();
  const rush = createRush(ports);
  const idle = idleness(ports.timers);
  const outage = createOutage(ports);
  let [busy, stopped] = [false, false];
  let seq = startSeq;
  let cancelRetry = (): void => undefined;

  const settle = (batch: readonly Pending[], events: readonly Event[]): void => {
    queue.done(batch);
    seq = events.at(-1)?.seq ?? seq;
    rush.durable(seq);
    ports.committed(events);
    for (const { outcome, durable } of batch) {
      letOut(ports, outcome, "once durable");
      durable?.();
    }
  };

  const stop = (fatal?: string): void => {
    stopped = true;
    cancelRetry();
    outage.stop();
    idle.ended();
    if (fatal !== undefined) ports.fatal(fatal);
  };

  const retry = (batch: readonly Pending[], fault: JournalFault): void => {
    queue.back(batch);
    if (fault.kind !== "unavailable") return stop(hopeless(fault));
    const pauseMs = outage.failed(fault.detail);
    rush.again();
    ports.unavailable(fault.detail);
    cancelRetry = ports.timers.after(pauseMs, () => {
      busy = false;
      wake();
    });
  };

  const pump = async (): Promise<void> => {
    if (busy || stopped) return;
    busy = true;
    while (!queue.isEmpty) {
      const { batch, events } = queue.next();
      if (events.length > 0) {
        outage.asked();
        const result = await ports.journal.append(events);
        if (stopped) return;
        if (!result.ok) return retry(batch, result.error);
        outage.over();
      }
      settle(batch, events);
    }
    busy = false;
    idle.reached();
  };

  /** An exception here is a bug: what was released is durable, and nothing more leaves. */
  const wake = (): void => void pump().catch((error: unknown) => stop(`a bug: ${String(error)}`));

  const write: Writer["write"] = (outcome, durable) => {
    if (stopped) return;
    letOut(ports, outcome, "at once");
    rush.take(outcome);
    queue.push({ outcome, durable, at: ports.clock.now() });
    const lastWord = outage.waits(queue.waiting);
    if (lastWord === null) wake();
    else stop(lastWord);
  };

  return {
    write,
    stop: () => stop(),
    flush(ms) {
      if (stopped) return Promise.resolve(false);
      return !busy && queue.isEmpty ? Promise.resolve(true) : idle.wait(ms);
    },
    unwrittenMs: () => queue.waitedMs(ports.clock.now()),
    get seq() {
      return seq;
    },
  };
}

function letOut({ release }: WriterPorts, { effects }: Outcome, when: Leaves): void {
  for (const effect of effects) if (LEAVES[effect.kind] === when) release(effect);
}

const hopeless = (fault: Exclude<JournalFault, { kind: "unavailable" }>): string =>
  fault.kind === "fenced"
    ? "another desk took over this journal"
    : `journal and memory disagree: ${fault.detail}`;

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
