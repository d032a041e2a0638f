/** Events as they are decided, kept until rows have been made of them: when none are made in time, the critical ones are said anyway. */
import type { AlertMemory } from "../chat/alert-memory.ts";
import { labelled } from "../chat/compose.ts";
import type { Event } from "../core/engine/event.ts";
import type { Clock } from "../ports/clock.ts";
import type { NewDelivery } from "../ports/deliveries.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import { type Audience, derive } from "./derive.ts";

/** How long the database may take before people are told without it. */
const PATIENCE_MS = 2_000;
const REMEMBERED = 2_000;

export interface Unjournaled {
  hear(events: readonly Event[]): void;
  /** Rows exist up to here. */
  derived(seq: number): void;
  stop(): void;
}

export interface UnjournaledDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly audience: Audience;
  /** What is remembered as of the last event with rows. */
  readonly memory: () => AlertMemory;
  readonly say: (row: NewDelivery) => void;
}

interface Heard {
  readonly event: Event;
  readonly at: number;
}

export function unjournaled(doors: UnjournaledDoors): Unjournaled {
  const { clock, timers, log, audience } = doors;
  let waiting: readonly Heard[] = [];
  /** So many of them were told, and what is remembered as of the last of those; null for as of the last event with rows. */
  let told = 0;
  let folded: AlertMemory | null = null;
  let through = 0;
  let timer: (() => void) | null = null;

  const check = (): void => {
    timer = null;
    const now = clock.now();
    const fresh = waiting.slice(told);
    const early = fresh.findIndex(({ at }) => now - at < PATIENCE_MS);
    const overdue = (early < 0 ? fresh : fresh.slice(0, early)).map(({ event }) => event);
    if (overdue.length > 0) {
      const { critical, memory, mute } = derive(overdue, folded ?? doors.memory(), audience);
      folded = memory;
      told += overdue.length;
      for (const one of mute) log.error("an event could not be told", { ...one });
      for (const row of critical) {
        doors.say({ ...row, card: labelled(row.card, "not in the journal yet") });
      }
    }
    if (waiting.length > told) timer = timers.after(PATIENCE_MS / 4, check);
  };
  const drop = (many: number): void => {
    waiting = waiting.slice(many);
    told = Math.max(0, told - many);
  };

  return {
    hear(events) {
      const at = clock.now();
      const fresh = events.filter(({ seq }) => seq > through).map((event) => ({ event, at }));
      waiting = [...waiting, ...fresh];
      drop(Math.max(0, waiting.length - REMEMBERED));
      if (waiting.length > 0 && timer === null) timer = timers.after(PATIENCE_MS, check);
    },
    derived(seq) {
      through = seq;
      const first = waiting.findIndex(({ event }) => event.seq > seq);
      drop(first < 0 ? waiting.length : first);
      if (told === 0) folded = null;
    },
    stop() {
      timer?.();
      timer = null;
    },
  };
}
