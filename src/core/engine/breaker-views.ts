/** What people may see of the circuit breakers: tripped or not, with what evidence, and how far from their limit. */
import type { Instant } from "../kernel/time.ts";
import { type Trip, tripKey } from "../risk/trip.ts";
import { keyOf, type Read, readAll } from "./readings.ts";
import type { State } from "./state.ts";
import type { BreakerView } from "./views.ts";

/** One for each breaker, and for each product where it watches that by itself; of several caps the nearest one. */
export function breakerViews(state: State, at: Instant): readonly BreakerView[] {
  const nearest = new Map<string, Read>();
  for (const read of readAll(state, at)) {
    const known = nearest.get(keyOf(read));
    if (!known || read.reading.nearness > known.reading.nearness) nearest.set(keyOf(read), read);
  }
  const { trips } = state.desk;
  const read = [...nearest].map(([key, read]) => viewOf(read, trips.get(key as never) ?? null));
  const unread = [...trips.values()].filter((trip) => !nearest.has(tripKey(trip)));
  return [...read, ...unread.map(blind)];
}

function viewOf({ breaker, reading }: Read, tripped: Trip | null): BreakerView {
  const { observed, limit, unit, beyond, nearness } = reading;
  return {
    breaker: breaker.name,
    product: reading.product ?? null,
    tripped,
    now: { observed, limit, unit },
    // Clear, or forgotten by a resume: nothing stands in its way.
    holds: beyond && !breaker.forgiven,
    nearness,
  };
}

/** Tripped, and there is nothing to read: it watches no figure, or has no limit any more. */
const blind = (trip: Trip): BreakerView => ({
  breaker: trip.breaker,
  product: trip.product ?? null,
  tripped: trip,
  now: null,
  holds: false,
  nearness: 1,
});
