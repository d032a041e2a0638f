/** What people may see of the circuit breakers: tripped or not, with what evidence, and how far from their limit. */
import type { ProductId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { type BreakerName, type Trip, type TripKey, tripKey } from "../risk/trip.ts";
import { keyOf, type Read, readAll } from "./readings.ts";
import type { State } from "./state.ts";
import { unreadOf } from "./unread.ts";
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
  if (!state.desk.policy) return unread.map(blind);
  const shown = new Set<string>([...nearest.keys(), ...trips.keys()]);
  const silent = unreadOf(state, (breaker, product) => shown.has(keyFor(breaker, product)));
  return [
    ...read,
    ...unread.map(blind),
    ...silent.map(({ why, ...of }) => ({ ...of, ...NOTHING, unread: why })),
  ];
}

const keyFor = (breaker: BreakerName, product: ProductId | null): TripKey =>
  tripKey(product === null ? { breaker } : { breaker, product });
const NOTHING = { tripped: null, now: null, holds: false, nearness: 0 } as const;

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
