/** A journal in memory that can be told to fail. */
import type { Event } from "../../src/core/engine/event.ts";
import { ok } from "../../src/core/kernel/result.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { Fault } from "./memory-deliveries.ts";

export interface MemoryJournal extends Journal {
  readonly events: Event[];
  fault: () => Fault;
}

export function memoryJournal(events: Event[] = []): MemoryJournal {
  const journal: MemoryJournal = {
    events,
    fault: () => "none",
    append: async (more) => {
      events.push(...more);
      return ok(undefined);
    },
    read: (after, limit) => {
      const fault = journal.fault();
      if (fault === "hangs") return new Promise(() => {});
      if (fault !== "none") return Promise.reject(new Error("read failed"));
      return Promise.resolve(events.filter(({ seq }) => seq > after).slice(0, limit));
    },
    latestCheckpoint: async () => null,
    writeCheckpoint: async () => {},
  };
  return journal;
}
