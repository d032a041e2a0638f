/** Stored messages in memory; the database behind it can be slow for ever. */
import type { Arrival, Inbound } from "../../src/ports/inbound.ts";

export interface MemoryInbound extends Inbound {
  readonly stored: Map<string, Arrival>;
  readonly outcomes: Map<string, string>;
  hangs: boolean;
}

export function memoryInbound(): MemoryInbound {
  const stored = new Map<string, Arrival>();
  const outcomes = new Map<string, string>();
  const never = <T>(): Promise<T> => new Promise(() => {});
  const inbound: MemoryInbound = {
    stored,
    outcomes,
    hangs: false,
    store: async (arrival) => {
      if (inbound.hangs) return never();
      if (stored.has(arrival.id)) return false;
      stored.set(arrival.id, arrival);
      return true;
    },
    done: async (id, outcome) => {
      if (inbound.hangs) return never();
      outcomes.set(id, outcome);
    },
    unfinished: async () => [...stored.values()].filter(({ id }) => !outcomes.has(id)),
  };
  return inbound;
}
