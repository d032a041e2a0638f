/** Events as they are decided, kept until rows have been made of them: when none are made in time, the critical ones are said anyway. */
import type { AlertMemory } from "../chat/alert-memory.ts";
import { labelled } from "../chat/compose.ts";
import type { Event } from "../core/engine/event.ts";
import type { Clock } from "../ports/clock.ts";
import type { NewDelivery } from "../ports/deliveries.ts";
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
  readonly audience: Audience;
  /** What is remembered as of the last event with rows. */
  readonly memory: () => AlertMemory;
  readonly say: (row: NewDelivery) => void;
}

interface Heard {
  readonly event: Event;
  readonly at: number;
  said: boolean;
}

export function unjournaled(doors: UnjournaledDoors): Unjournaled {
  const { clock, timers, audience } = doors;
  let waiting: Heard[] = [];
  let through = 0;
  let timer: (() => void) | null = null;

  const check = (): void => {
    timer = null;
    const now = clock.now();
    const overdue = waiting.filter(({ at, said }) => !said && now - at >= PATIENCE_MS);
    const [first] = overdue;
    if (first) {
      const until = overdue[overdue.length - 1]?.event.seq ?? first.event.seq;
      const events = waiting.map(({ event }) => event).filter(({ seq }) => seq <= until);
      const named = new Set(overdue.map(({ event }) => event.seq));
      for (const row of derive(events, doors.memory(), audience).critical) {
        if (row.eventSeq !== null && named.has(row.eventSeq)) {
          doors.say({ ...row, card: labelled(row.card, "not in the journal yet") });
        }
      }
      for (const heard of overdue) heard.said = true;
    }
    if (waiting.some(({ said }) => !said)) timer = timers.after(PATIENCE_MS / 4, check);
  };

  return {
    hear(events) {
      const at = clock.now();
      for (const event of events) {
        if (event.seq > through) waiting.push({ event, at, said: false });
      }
      if (waiting.length > REMEMBERED) waiting = waiting.slice(-REMEMBERED);
      if (waiting.length > 0 && timer === null) timer = timers.after(PATIENCE_MS, check);
    },
    derived(seq) {
      through = seq;
      waiting = waiting.filter(({ event }) => event.seq > seq);
    },
    stop() {
      timer?.();
      timer = null;
    },
  };
}
