/**
 * The trading shell: inbox, loop, writer, dispatch and their lifetimes around the pure core. It never awaits anything
 * between an input and its outcome, and knows of the outside world only its ports.
 */
import type { Effect } from "../core/engine/effect.ts";
import type { Event, EventKind } from "../core/engine/event.ts";
import type { InputBody } from "../core/engine/input.ts";
import { heldBack } from "../core/engine/leave.ts";
import { newState, type Settings, type State } from "../core/engine/state.ts";
import { deskView } from "../core/engine/view.ts";
import { later } from "../core/kernel/time.ts";
import type { Clock } from "../ports/clock.ts";
import type { Emergency } from "../ports/emergency.ts";
import type { Engine } from "../ports/engine.ts";
import type { Feed } from "../ports/feed.ts";
import type { Journal } from "../ports/journal.ts";
import type { Standing } from "../ports/lease.ts";
import type { Log } from "../ports/log.ts";
import type { Notices } from "../ports/notices.ts";
import type { Query } from "../ports/query.ts";
import type { Entropy } from "../ports/random.ts";
import type { Recorder } from "../ports/recorder.ts";
import type { Timers } from "../ports/timers.ts";
import type { Venue } from "../ports/venue.ts";
import { createCheckpointer } from "./checkpoint.ts";
import { createDispatch } from "./dispatch.ts";
import { listen } from "./listen.ts";
import { createLoop, type Loop } from "./loop.ts";
import { type Recovered, recall } from "./recover.ts";
import { tellingFailures } from "./venue-failures.ts";
import { createWriter, type Writer, type WriterPorts } from "./writer.ts";

const TICK_MS = 250;
const SUBMIT_MS = 1500;
const FLUSH_MS = 5000;
const DRAIN_MS = 3000;
/** Listings at start reach back this far before the last recorded event. */
const LOOK_BACK_MS = 300_000;

export interface DeskPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly journal: Journal;
  readonly emergency: Emergency;
  readonly feed: Feed;
  readonly venue: Venue;
  /** Of the lease, where another desk could take over. */
  readonly standing?: Standing;
  /** Where the inputs of the run are kept, if they are. */
  readonly recorder?: Recorder;
}

export interface DeskHooks {
  /** Events once durable. */
  committed(events: readonly Event[]): void;
  /** Events at the moment they are decided, durable or not. */
  decided(events: readonly Event[]): void;
  /** The database does not take events; called at each append that failed. */
  unavailable(detail: string): void;
  /** The desk has stopped itself; nothing that was not durable has left. */
  fatal(why: string): void;
  /** The desk killed itself and has cancelled what it could: the process must end, and say so by its exit code. */
  shutDown?(why: string): void;
  /** The desk goes on at another venue: this run is to be closed, and another opened. */
  reopen?(why: string): void;
}

export interface Identity {
  readonly mode: string;
  readonly name: string;
  readonly version: string;
  readonly run: string;
}

export interface RunningDesk extends Engine, Query, Notices {
  /** How far the venue's clock is ahead of ours, in ms, as it was measured just now. */
  measured(aheadMs: number): void;
  /** What the checks before going live found: the names of those that are red. */
  checked(red: readonly string[]): void;
  /** No order leaves from now on; cancels still do. */
  drain(): void;
  /** Records the stop, waits for the journal, writes a last checkpoint, closes the streams. */
  close(why: string): Promise<void>;
  /** The last durable event. */
  readonly seq: number;
}

const LATCHING: ReadonlySet<EventKind> = new Set([
  "trading.killed",
  "trading.paused",
  "trading.halted",
  "breaker.tripped",
]);

export async function openDesk(
  ports: DeskPorts,
  settings: Settings,
  identity: Identity,
  recovered: Recovered,
  hooks: DeskHooks,
): Promise<RunningDesk> {
  const { timers } = ports;
  const state = newState(settings, recovered.desk);
  ports.recorder?.begin(state);
  const checkpoints = createCheckpointer(state.desk, ports);
  let onDisk = false;
  let stopped = false;
  const stop = (why: string): void => {
    stopped = true;
    loop.stop();
    hooks.fatal(why);
  };
  const committed = (events: readonly Event[]): void => {
    onDisk ||= events.some(({ body }) => LATCHING.has(body.kind));
    if (onDisk && state.desk.seq === writer.seq) {
      onDisk = false;
      forget(ports);
    }
    hooks.committed(events);
    void checkpoints.consider(writer.seq);
  };
  const release = (effect: Effect): void => {
    if (effect.kind === "reopen") return hooks.reopen?.(effect.why);
    if (effect.kind !== "end") return dispatch.release(effect);
    hooks.shutDown?.(effect.why);
    stop(effect.why);
  };
  const failing: WriterPorts["failing"] = (stage, why) =>
    loop.put({ kind: "journal.failing", stage, why });
  const { unavailable } = hooks;
  const writer = createWriter(
    { ...ports, release, committed, unavailable, failing, fatal: stop },
    recovered.desk.seq,
  );
  const loop: Loop = createLoop(state, { ...ports, writer, decided: hooks.decided, fatal: stop });
  const venue = tellingFailures(ports.venue, ports.clock, () => loop.put({ kind: "venue.failed" }));
  const dispatch = createDispatch(
    { ...ports, venue },
    loop.put,
    startOfListing(recovered),
    (plan, at) => heldBack(state, plan, at),
  );

  onDisk = await begin(ports, identity, loop);
  const drain = (): void => loop.put({ kind: "desk.draining" });
  const cancelTicks = timers.every(TICK_MS, () => loop.put(tickOf(ports, writer)));
  return {
    view: () => deskView(state, ports.clock.now()),
    submit: (request, by) =>
      new Promise((resolve) => {
        const cancel = timers.after(SUBMIT_MS, () => resolve(null));
        const nonce = ports.entropy.hex(16);
        loop.put({ kind: "operator.requested", request, by, nonce }, () => {
          cancel();
          resolve(writer.seq);
        });
      }),
    measured: (aheadMs) => loop.put({ kind: "clock.measured", aheadMs }),
    checked: (red) => loop.put({ kind: "checks.measured", red }),
    note: (notice) => loop.put({ kind: "chat.noticed", notice }),
    drain,
    async close(why) {
      drain();
      await drained(state, timers, () => stopped || (ports.standing?.anything() ?? null) !== null);
      cancelTicks();
      loop.put({ kind: "desk.closing", why });
      await new Promise<void>((resolve) => timers.soon(resolve));
      await writer.flush(FLUSH_MS);
      loop.stop();
      writer.stop();
      await Promise.allSettled([ports.feed.stop(), ports.venue.stop()]);
      await checkpoints.consider(writer.seq, true);
    },
    get seq() {
      return writer.seq;
    },
  };
}

/**
 * Orders under way, and resting entries that are being taken back, get a moment to end; exits that rest stay.
 * @param isIdle nothing can be heard or done any more
 */
async function drained({ desk }: State, timers: Timers, isIdle: () => boolean): Promise<void> {
  for (let waited = 0; waited < DRAIN_MS && !isIdle(); waited += 50) {
    const underWay = [...desk.orders.values()].some(
      ({ plan, cancelAskedAt }) =>
        plan.timeInForce === "ioc" || (plan.purpose === "entry" && cancelAskedAt !== null),
    );
    if (!underWay) return;
    await new Promise<void>((resolve) => timers.after(50, resolve));
  }
}

const tickOf = ({ standing }: DeskPorts, writer: Writer): InputBody => {
  const leading = (standing?.order() ?? null) === null;
  return { kind: "clock.ticked", leading, unwrittenMs: writer.unwrittenMs() };
};

const startOfListing = ({ lastAt }: Recovered) =>
  lastAt > LOOK_BACK_MS ? later(lastAt, -LOOK_BACK_MS) : lastAt;

/** @returns whether latches were found that a crash left on disk */
async function begin(ports: DeskPorts, identity: Identity, { put }: Loop): Promise<boolean> {
  const latches = await recall(ports.emergency, ports.log);
  put({ kind: "desk.opened", ...identity });
  if (latches.length > 0) put({ kind: "desk.recalled", latches });
  listen(ports, put);
  return latches.length > 0;
}

/** What was on disk is in the journal. A line that stays is read again at the next start and known there. */
function forget({ emergency, log }: DeskPorts): void {
  emergency.clear().catch((error: unknown) => {
    log.warn("the emergency lines could not be removed", { why: String(error) });
  });
}
