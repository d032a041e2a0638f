/** What every circuit breaker reads now, and which of the tripped ones are still beyond their limit. It trips nothing. */

import type { ProductId } from "../kernel/ids.ts";
import {
  asBps,
  minus,
  most,
  NO_QUOTE,
  notional,
  type Price,
  type Quote,
  sum,
} from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { moveBps } from "../market/tape.ts";
import { isSound, type MarketView, spread } from "../market/view.ts";
import { dayProfit, openProfit } from "../portfolio/profit.ts";
import type { Breaker, Figures, ProductFigures, Reading } from "../risk/breaker.ts";
import { consecutiveLosses } from "../risk/breakers/consecutive-losses.ts";
import { consecutiveRejects } from "../risk/breakers/consecutive-rejects.ts";
import { dailyLoss } from "../risk/breakers/daily-loss.ts";
import { drawdown } from "../risk/breakers/drawdown.ts";
import { drift } from "../risk/breakers/drift.ts";
import { errorRate } from "../risk/breakers/error-rate.ts";
import { feedSilence } from "../risk/breakers/feed-silence.ts";
import { spreadWidening } from "../risk/breakers/spread.ts";
import { throttled } from "../risk/breakers/throttled.ts";
import { unknownOrdersTrip } from "../risk/breakers/unknown-orders.ts";
import { volatility } from "../risk/breakers/volatility.ts";
import type { Policy } from "../risk/limits.ts";
import { type TripKey, tripKey } from "../risk/trip.ts";
import { equity, isMarked, isUnknown, lastMarkOf } from "./figures.ts";
import type { State } from "./state.ts";

export const BREAKER_LIST: readonly Breaker[] = [
  dailyLoss,
  drawdown,
  consecutiveLosses,
  consecutiveRejects,
  feedSilence,
  throttled,
  spreadWidening,
  volatility,
  errorRate,
  drift,
  unknownOrdersTrip,
];

const MINUTE_MS = 60_000;
const ERRORS_MS = 300_000;
const DAY_MS = 86_400_000;

export function figures(state: State, at: Instant): Figures | null {
  const { desk, sight } = state;
  const { policy } = desk;
  if (!policy) return null;
  const mark = lastMarkOf(state);
  const { closed = NO_QUOTE, net = NO_QUOTE } =
    (desk.day && dayProfit(desk.day, openProfit(desk.positions.values(), mark))) ?? {};
  // An old price still counts: a holding that is seldom quoted must not hide what another one loses.
  const isKnown = [...desk.positions.keys()].every((product) => mark(product) !== null);
  const now = isKnown ? equity(state, mark) : null;
  const lastDay = desk.realizedByMinute.filter(({ minute }) => at - minute < DAY_MS);
  return {
    policy,
    products: [...sight.markets].map(([product, market]) => ({
      product,
      ...seenOf(market, policy, at),
    })),
    opening: desk.day?.opening ?? null,
    dayClosed: closed,
    dayNet: isKnown ? net : closed,
    realized24h: sum(lastDay.map(({ amount }) => amount)),
    peak: desk.peakEquity,
    drawdown: now === null ? null : most(NO_QUOTE, minus(desk.peakEquity, now)),
    lossStreak: desk.lossStreak,
    rejectStreak: desk.rejectStreak,
    throttledLastMinute: sight.throttled.filter((time) => at - time < MINUTE_MS).length,
    errorsLately: sight.errors.filter((time) => at - time < ERRORS_MS).length,
    unknown: [...desk.orders.values()].filter(isUnknown).length,
    suspected: sight.suspected !== "",
    silenceMs: Math.max(
      0,
      ...Object.values(sight.streams).map(({ aliveAt }) => (aliveAt === null ? 0 : at - aliveAt)),
    ),
  };
}

/** An old, one-sided or crossed quote says nothing of the spread: no entry is made on it anyway. */
function seenOf(
  { quote, tape }: MarketView,
  { circuit_breakers: limits }: Policy,
  at: Instant,
): Omit<ProductFigures, "product"> {
  const staleMs = (limits.stale_price_seconds ?? Number.POSITIVE_INFINITY) * 1000;
  const good = quote !== null && isSound(quote) && at - quote.at <= staleMs;
  const isWatched = typeof limits.volatility_bps_per_minute === "number";
  return {
    spreadBps: good ? asBps(spread(quote)) : null,
    moveBps: isWatched ? moveBps(tape, at) : null,
    quotedAt: quote?.at ?? null,
  };
}

/**
 * When the price came without which the loss would not be beyond its limit: of those that made it so, the oldest.
 * @param calm what holdings were priced at before it was beyond
 */
export function restsOn(
  { desk, sight }: State,
  beyondBy: Quote,
  calm: ReadonlyMap<ProductId, Price>,
): Instant | null {
  const marks = [...desk.positions.values()]
    .map(({ product, size }) => ({ product, size, mark: sight.markets.get(product)?.lastMark }))
    .toSorted((a, b) => (a.mark?.at ?? 0) - (b.mark?.at ?? 0));
  let left = beyondBy;
  let newest: Instant | null = null;
  for (const { product, size, mark } of marks) {
    if (!mark) continue;
    newest = mark.at;
    const before = calm.get(product);
    if (before === undefined) return mark.at;
    left = minus(left, minus(notional(before, size), notional(mark.price, size)));
    if (left < 0n) return mark.at;
  }
  return newest;
}

export interface Read {
  readonly breaker: Breaker;
  readonly reading: Reading;
}

/** Every reading of every breaker. */
export function readAll(state: State, at: Instant): readonly Read[] {
  const seen = figures(state, at);
  if (!seen) return [];
  return BREAKER_LIST.flatMap((breaker) =>
    breaker.read(seen).map((reading) => ({ breaker, reading })),
  );
}

export const keyOf = ({ breaker, reading: { product } }: Read): TripKey =>
  tripKey({ breaker: breaker.name, ...(product === undefined ? {} : { product }) });

/**
 * Tripped breakers whose condition still holds, with what is seen now. One that rests on prices and cannot be read just now
 * holds too: nobody can say that it is over. @param which those that matter
 */
export function stillBeyond(
  state: State,
  at: Instant,
  which: (key: TripKey) => boolean = () => true,
): readonly Read[] {
  const all = readAll(state, at);
  const beyond = all.filter(
    (read) =>
      read.reading.beyond &&
      !read.breaker.forgiven &&
      state.desk.trips.has(keyOf(read)) &&
      which(keyOf(read)),
  );
  return [...beyond, ...unread(state, beyond).filter((read) => which(keyOf(read)))];
}

/** A loss that was tripped by marks, while something held has no price. */
function unread(state: State, beyond: readonly Read[]): readonly Read[] {
  const trip = state.desk.trips.get("daily-loss");
  if (!trip || isMarked(state) || beyond.some(({ breaker }) => breaker === dailyLoss)) return [];
  const { limit, unit } = trip;
  const reading = { observed: "not known without a price", limit, unit, of: trip.of ?? null };
  return [{ breaker: dailyLoss, reading: { ...reading, nearness: 1, beyond: true, marked: true } }];
}
