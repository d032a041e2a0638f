/** Trips circuit breakers: confirms what one odd price could have caused, latches, and takes back resting entries. */
import { type Instant, utcDay } from "../kernel/time.ts";
import type { Reading } from "../risk/breaker.ts";
import { ROLLING_LOSS } from "../risk/breakers/daily-loss.ts";
import { type Trip, tripKey } from "../risk/trip.ts";
import { cancelOrders } from "./cancel.ts";
import { glance, holdings, lastMarkOf } from "./figures.ts";
import { halt } from "./latch.ts";
import { keyOf, type Read, readAll, restsOn } from "./readings.ts";
import type { Turn } from "./turn.ts";

/** A condition that rests on prices trips after this many readings, each `confirm_seconds` after the one before. */
const CONFIRMATIONS = 3;

/** Reads every breaker and trips those that are beyond their limit. */
export function checkBreakers(turn: Turn): void {
  const { sight, desk } = turn.state;
  const reads = readAll(turn.state, turn.at);
  const beyond = new Set(reads.filter(({ reading }) => reading.beyond).map(countOf));
  for (const counted of sight.beyondSince.keys()) {
    if (!beyond.has(counted)) sight.beyondSince.delete(counted);
  }
  for (const read of reads) {
    if (!read.reading.beyond) continue;
    if (desk.trips.has(keyOf(read))) follow(turn, read);
    else if (!read.reading.marked || hasLasted(turn, read)) {
      trip(turn, { breaker: read.breaker.name, ...evidence(read.reading) });
      follow(turn, read);
    }
  }
  const mark = lastMarkOf(turn.state);
  sight.marksBefore = new Map(
    [...desk.positions.keys()].flatMap((product) => {
      const price = mark(product);
      return price === null ? [] : [[product, price] as const];
    }),
  );
}

/** Each cap of a breaker, and each product, is confirmed by itself. */
const countOf = (read: Read): string => `${keyOf(read)} ${read.reading.of ?? ""}`;

function hasLasted({ state, at }: Turn, read: Read): boolean {
  const { sight, desk } = state;
  const apartMs = (desk.policy?.circuit_breakers.confirm_seconds ?? 0) * 1000;
  const count = countOf(read);
  const before = sight.beyondSince.get(count);
  const calm = before?.calm ?? sight.marksBefore;
  const { beyondBy, seenAt: quotedAt = null } = read.reading;
  const seenAt = beyondBy === undefined ? quotedAt : restsOn(state, beyondBy, calm);
  if (!before) {
    sight.beyondSince.set(count, { confirmations: 1, lastAt: at, seenAt, calm });
    return false;
  }
  if (at - before.lastAt < apartMs || isSameSight(before.seenAt, seenAt)) return false;
  const confirmations = before.confirmations + 1;
  sight.beyondSince.set(count, { confirmations, lastAt: at, seenAt, calm });
  return confirmations >= CONFIRMATIONS;
}

/** The very price that was odd before is no second witness. */
const isSameSight = (before: Instant | null, now: Instant | null): boolean =>
  before !== null && now !== null && now <= before;

/** What goes with being beyond, also while the breaker is latched still and somebody has rearmed the desk. */
function follow(turn: Turn, { breaker, reading: { observed, limit } }: Read): void {
  const { desk, sight } = turn.state;
  const why = `${breaker.name.replaceAll("-", " ")} ${observed} / ${limit}`;
  if (breaker.consequence === "halt") halt(turn, why);
  if (breaker.consequence !== "shut-down" || desk.killed) return;
  // Killing needs more than a breaker may know: `shutdown.ts` does it, in this step or at the next tick.
  sight.shutdown ??= { since: turn.at, why, asked: false };
}

const evidence = ({ observed, limit, unit, of, product }: Reading) => ({
  observed,
  limit,
  unit,
  ...(of === null ? {} : { of }),
  ...(product === undefined ? {} : { product }),
});

/** Latches one breaker, once, and asks for resting entries back: of its product, or of all. */
export function trip(turn: Turn, what: Omit<Trip, "at"> & { readonly at?: Instant }): void {
  const { desk } = turn.state;
  if (desk.trips.has(tripKey(what))) return;
  const { product } = what;
  const entries = [...desk.orders.values()].filter(
    ({ plan }) => plan.purpose === "entry" && (product === undefined || plan.product === product),
  );
  turn.say({
    kind: "breaker.tripped",
    trip: { at: turn.at, by: null, ...what },
    glance: glance(turn.state),
    holdings: holdings(turn.state),
    openOrders: desk.orders.size,
  });
  cancelOrders(turn, entries, `breaker ${what.breaker}`, null);
}

/** What the policy lets midnight clear: the loss of a day that is over. */
export function clearAtMidnight(turn: Turn): void {
  const { desk } = turn.state;
  if (desk.policy?.reset !== "utc_midnight" || desk.day?.day !== utcDay(turn.at)) return;
  for (const trip of [...desk.trips.values()]) {
    const isOver = utcDay(trip.at) < desk.day.day;
    if (trip.breaker !== "daily-loss" || trip.of === ROLLING_LOSS || !isOver) continue;
    turn.say({ kind: "breaker.cleared", trip, why: "a new UTC day began" });
  }
}
