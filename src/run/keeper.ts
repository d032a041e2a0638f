/** The rows of what was heard: written as soon as it is heard, marked when it is handled. Waiting for the database has an end. */
import type { InboundId } from "../core/kernel/ids.ts";
import type { Result } from "../core/kernel/result.ts";
import type { Clock } from "../ports/clock.ts";
import type { Arrival, Inbound } from "../ports/inbound.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import { type Lateness, lateness, within } from "./within.ts";

const STORE_MS = 1_500;
const PATIENCE_MS = 6_000;
const LEFT_AGAIN_MS = 30_000;
const REMEMBERED = 2_048;

/** True when it is new, false when it was stored before; without an answer of the database it is handled all the same. */
export type Kept = Promise<Result<boolean, Lateness>>;

export interface Keeper {
  /** Admits a message once. Whoever brings it again gets what the first got. */
  once(id: InboundId, admit: () => Promise<unknown>): Promise<unknown>;
  /**
   * Admits what an earlier run left, also when it was heard again meanwhile and passed over for its old row; not what this
   * run handled. Never rejects; a database that does not answer is asked again until it does.
   */
  takeUp(admit: (arrival: Arrival) => Promise<unknown>): Promise<void>;
  /** Never rejects. */
  keep(arrival: Arrival): Kept;
  done(arrival: Arrival, outcome: string): void;
  /** What was left is not asked for any more. */
  stop(): void;
}

export interface KeeperDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly inbound: Inbound;
}

export function keeper({ clock, timers, log, inbound }: KeeperDoors): Keeper {
  const seen = new Map<InboundId, Promise<unknown>>();
  /** Heard by this run and passed over: their rows are an earlier run's. */
  const passedOver = new Set<InboundId>();
  let open = true;
  let cancelAgain = (): void => undefined;
  const once: Keeper["once"] = (id, admit) => {
    const before = seen.get(id);
    if (before !== undefined) return before;
    const kept = admit();
    seen.set(id, kept);
    for (const oldest of seen.keys()) {
      if (seen.size <= REMEMBERED) break;
      seen.delete(oldest);
      passedOver.delete(oldest);
    }
    return kept;
  };
  const takeUp: Keeper["takeUp"] = async (admit) => {
    const left = await within(timers, PATIENCE_MS, () => inbound.unfinished());
    if (!open) return;
    if (!left.ok) {
      log.warn("messages left by the last run cannot be read", { why: lateness(left.error) });
      cancelAgain = timers.after(LEFT_AGAIN_MS, () => void takeUp(admit));
      return;
    }
    for (const arrival of left.value) {
      await seen.get(arrival.id);
      if (!open) return;
      if (passedOver.delete(arrival.id)) seen.delete(arrival.id);
      void once(arrival.id, () => admit(arrival));
    }
  };
  return {
    once,
    takeUp,
    async keep(arrival) {
      const isNew = await within(timers, STORE_MS, () => inbound.store(arrival));
      if (isNew.ok && !isNew.value) passedOver.add(arrival.id);
      if (!isNew.ok) {
        log.warn("a message is handled without its row", { why: lateness(isNew.error) });
      }
      return isNew;
    },
    done(arrival, outcome) {
      const mark = () => inbound.done(arrival.id, outcome, clock.now());
      void within(timers, PATIENCE_MS, mark).then((done) => {
        if (!done.ok) log.warn("a message cannot be marked done", { why: lateness(done.error) });
      });
    },
    stop() {
      open = false;
      cancelAgain();
    },
  };
}
