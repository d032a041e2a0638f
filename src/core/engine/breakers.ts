/** Reading the circuit breakers, latching what tripped, and taking back resting entries when one does. */

import { minus, most, NO_QUOTE } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Breaker, Figures, Reading } from "../risk/breaker.ts";
import { consecutiveLosses } from "../risk/breakers/consecutive-losses.ts";
import { consecutiveRejects } from "../risk/breakers/consecutive-rejects.ts";
import { dailyLoss } from "../risk/breakers/daily-loss.ts";
import { drawdown } from "../risk/breakers/drawdown.ts";
import { feedSilence } from "../risk/breakers/feed-silence.ts";
import { throttled } from "../risk/breakers/throttled.ts";
import type { Trip } from "../risk/trip.ts";
import { cancelOrders } from "./cancel.ts";
import { equity, glance, holdings, isMarked } from "./figures.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";

export const BREAKER_LIST: readonly Breaker[] = [
  dailyLoss,
  drawdown,
  consecutiveLosses,
  consecutiveRejects,
  feedSilence,
  throttled,
];

/** A condition that rests on prices trips after this many readings, each `confirm_seconds` after the one before. */
const CONFIRMATIONS = 3;

export function figures(state: State, at: Instant): Figures | null {
  const { desk, sight } = state;
  if (!desk.policy) return null;
  const { dayClosed, dayNet } = glance(state);
  const marked = isMarked(state);
  const now = marked ? equity(state) : null;
  return {
    policy: desk.policy,
    dayClosed,
    dayNet: marked ? dayNet : dayClosed,
    drawdown: now === null ? null : most(NO_QUOTE, minus(desk.peakEquity, now)),
    lossStreak: desk.lossStreak,
    rejectStreak: desk.rejectStreak,
    throttledLastMinute: sight.throttled.filter((time) => at - time < 60_000).length,
    silenceMs: Math.max(
      0,
      ...Object.values(sight.streams).map(({ aliveAt }) => (aliveAt === null ? 0 : at - aliveAt)),
    ),
  };
}

/** Reads every breaker and trips those that are beyond their limit. */
export function checkBreakers(turn: Turn): void {
  const seen = figures(turn.state, turn.at);
  if (!seen) return;
  for (const breaker of BREAKER_LIST) {
    const reading = breaker.read(seen);
    if (!reading?.beyond) turn.state.sight.beyondSince.delete(breaker.name);
    else if (!reading.marked || hasLasted(turn, breaker, seen)) {
      trip(turn, { breaker: breaker.name, ...strip(reading) });
    }
  }
}

const strip = ({ observed, limit, unit }: Reading) => ({ observed, limit, unit });

function hasLasted({ state, at }: Turn, breaker: Breaker, { policy }: Figures): boolean {
  const apartMs = (policy.circuit_breakers.confirm_seconds ?? 0) * 1000;
  const before = state.sight.beyondSince.get(breaker.name);
  if (!before) {
    state.sight.beyondSince.set(breaker.name, { confirmations: 1, lastAt: at });
    return false;
  }
  if (at - before.lastAt < apartMs) return false;
  before.confirmations += 1;
  before.lastAt = at;
  return before.confirmations >= CONFIRMATIONS;
}

/** Latches one breaker, once, and asks for resting entries back. */
export function trip(turn: Turn, what: Omit<Trip, "at">): void {
  const { desk } = turn.state;
  if (desk.trips.has(what.breaker)) return;
  const entries = [...desk.orders.values()].filter((order) => order.plan.purpose === "entry");
  turn.say({
    kind: "breaker.tripped",
    trip: { ...what, at: turn.at },
    glance: glance(turn.state),
    holdings: holdings(turn.state),
    openOrders: desk.orders.size,
  });
  cancelOrders(turn, entries, `breaker ${what.breaker}`, null);
}

/** Tripped breakers whose condition still holds, with what is seen now. */
export function stillBeyond(
  state: State,
  at: Instant,
): readonly { name: string; reading: Reading }[] {
  const seen = figures(state, at);
  if (!seen) return [];
  return BREAKER_LIST.filter((breaker) => state.desk.trips.has(breaker.name) && !breaker.forgiven)
    .map((breaker) => ({ name: breaker.name, reading: breaker.read(seen) }))
    .flatMap(({ name, reading }) => (reading?.beyond ? [{ name, reading }] : []));
}
