/** What waits to become durable, in order, and which effects wait with it. */
import type { Effect } from "../core/engine/effect.ts";
import type { Event } from "../core/engine/event.ts";
import type { Outcome } from "../core/engine/turn.ts";
import type { Instant } from "../core/kernel/time.ts";

/** Events of one append, unless one outcome has more: what piled up must fit into the time that an append may take. */
const APPEND_BOUND = 1_000;

export type Leaves = "at once" | "after its line on disk" | "once durable";
/** When an effect may leave. */
export const LEAVES: { readonly [K in Effect["kind"]]: Leaves } = {
  find: "at once",
  preview: "at once",
  prove: "at once",
  trades: "at once",
  list: "at once",
  backfill: "at once",
  end: "at once",
  reopen: "once durable",
  cancel: "after its line on disk",
  place: "once durable",
};

export interface Pending {
  readonly outcome: Outcome;
  readonly durable: (() => void) | undefined;
  readonly at: Instant;
}

/** Of what has neither events nor anything that waits for them nothing is kept. */
export function createQueue() {
  let line: Pending[] = [];
  let underWay: readonly Pending[] = [];
  let waiting = 0;
  return {
    get isEmpty() {
      return line.length === 0;
    },
    /** Events, those of the batch under way included. */
    get waiting() {
      return waiting;
    },
    /** How long the oldest has waited, the batch under way included; 0 when nothing waits. */
    waitedMs(now: Instant): number {
      return Math.max(0, now - ((underWay[0] ?? line[0])?.at ?? now));
    },
    push(one: Pending): void {
      const { events, effects } = one.outcome;
      const waits = effects.some(({ kind }) => LEAVES[kind] === "once durable");
      if (events.length === 0 && !waits && !one.durable) return;
      waiting += events.length;
      line.push(one);
    },
    /** What goes down next, and the events in it. */
    next(): { readonly batch: readonly Pending[]; readonly events: readonly Event[] } {
      let many = 0;
      const end = line.findIndex(({ outcome }, index) => {
        many += outcome.events.length;
        return index > 0 && many > APPEND_BOUND;
      });
      const batch = line.splice(0, end < 0 ? line.length : end);
      underWay = batch;
      return { batch, events: batch.flatMap(({ outcome }) => outcome.events) };
    },
    /** The batch was not taken: it comes first again. */
    back(batch: readonly Pending[]): void {
      line = [...batch, ...line];
      underWay = [];
    },
    done(batch: readonly Pending[]): void {
      underWay = [];
      for (const { outcome } of batch) waiting -= outcome.events.length;
    },
  };
}
