/** Says once a minute how many messages of somebody's flood were not read, until none was. */
import type { Card } from "../chat/card.ts";
import type { PersonId } from "../core/kernel/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { Arrival } from "../ports/inbound.ts";
import type { Timers } from "../ports/timers.ts";
import { type MessageRate, RATE_MS } from "./message-rate.ts";
import * as refusals from "./refusals.ts";

export interface Floods {
  /** The first message too many has been answered. */
  began(first: Arrival, person: PersonId): void;
  stop(): void;
}

export interface FloodDoors {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly rate: MessageRate;
  readonly perMinute: number;
  /** `part` tells several answers to the first message apart. */
  readonly say: (first: Arrival, card: Card, part: string) => void;
}

export function floods({ clock, timers, rate, perMinute, say }: FloodDoors): Floods {
  const waits = new Set<() => void>();
  const began: Floods["began"] = (first, person) => {
    const cancel = timers.after(RATE_MS, () => {
      waits.delete(cancel);
      const now = clock.now();
      const count = rate.tally(person, now);
      if (count === 0) return;
      say(first, refusals.moreNotRead(count, perMinute), `more:${now}`);
      began(first, person);
    });
    waits.add(cancel);
  };
  return {
    began,
    stop() {
      for (const cancel of waits) cancel();
      waits.clear();
    },
  };
}
