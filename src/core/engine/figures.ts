/** Numbers derived from the state: marks, exposure, equity, the day, and what the gate may look at. */

import type { ProductId } from "../kernel/ids.ts";
import {
  minus,
  NO_QUOTE,
  type Price,
  plus,
  type Quote,
  type Rate,
  sum,
  times,
} from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { isSound } from "../market/view.ts";
import { isOver } from "../order/merge.ts";
import type { Order } from "../order/state.ts";
import { exposure, type MarkOf, pendingCost, worthOf } from "../portfolio/exposure.ts";
import { dayProfit, openProfit } from "../portfolio/profit.ts";
import { stricterSum } from "../risk/percent.ts";
import { QUIET_MS } from "../risk/rules/no-price.ts";
import type { Glance, Holding } from "./glance.ts";
import type { ForeignOrder } from "./input.ts";
import type { State, StreamState } from "./state.ts";

/** Clocks drift and are set: an older measurement of their distance says nothing. */
const MEASURED_MS = 900_000;

/** What a holding could be sold for: the bid, else the last trade, else unknown. An old price is none. */
export const markOf =
  ({ sight }: State): MarkOf =>
  (product: ProductId): Price | null => {
    const market = sight.markets.get(product);
    const isNew = (at: Instant): boolean => sight.now - at <= QUIET_MS;
    const quote = market?.quote;
    if (quote && isSound(quote) && isNew(quote.at)) return quote.bid;
    const last = market?.lastTrade;
    return last && isNew(last.at) ? last.price : null;
  };

/** As `markOf`, but an old price is better than none: to say how much is lost, not to trade by. */
export const lastMarkOf =
  ({ sight }: State): MarkOf =>
  (product) =>
    sight.markets.get(product)?.lastMark?.price ?? null;

/** True when everything held has a price: only then do marked figures mean anything. */
export const isMarked = (state: State): boolean =>
  [...state.desk.positions.keys()].every((product) => markOf(state)(product) !== null);

/** Orders worth waiting for: open ones, but for those the venue no longer knows. At stake is still every one of them. */
export const openOrders = ({ desk }: State): readonly Order[] =>
  [...desk.orders.values()].filter((order) => !isOver(order) && order.quarantine !== "lost");

export const isUnknown = (order: Order): boolean => order.submission === "unknown";

/** Cash of the quote currency, held or not, plus everything held at its mark; null before the venue told. */
export function equity(state: State, mark = markOf(state)): Quote | null {
  const cash = state.desk.balances.get(state.settings.quoteCurrency);
  if (!cash) return null;
  const owned = plus(cash.available, cash.hold) as bigint as Quote;
  return sum([owned, ...[...state.desk.positions.values()].map((held) => worthOf(held, mark))]);
}

/** Quote currency owned, not promised to a live buy, fee included, and not held back by the venue for anything else. */
export function freeQuote(
  { desk, sight, settings }: State,
  orders: readonly Order[],
  external: readonly ForeignOrder[],
): Quote | null {
  const cash = desk.balances.get(settings.quoteCurrency);
  if (!cash || desk.takerRate === null) return null;
  const bound = plus(promised(orders, external, desk.takerRate), sight.heldBack);
  return minus(plus(cash.available, cash.hold) as bigint as Quote, bound);
}

/** What live buys, ours and others', can still take out of cash, with the fee of a taker. */
export function promised(
  orders: Iterable<Order>,
  external: Iterable<ForeignOrder>,
  takerRate: Rate,
): Quote {
  const theirs = [...external].map(({ side, worth }) => (side === "buy" && worth) || NO_QUOTE);
  const worth = plus(pendingCost(orders), sum(theirs));
  return plus(worth, times(worth, takerRate));
}

export function glance(state: State): Glance {
  const { desk } = state;
  const mark = markOf(state);
  const open = openProfit(desk.positions.values(), mark);
  const day = desk.day
    ? dayProfit(desk.day, open)
    : { closed: NO_QUOTE, open: NO_QUOTE, net: NO_QUOTE };
  const caps = desk.policy?.portfolio;
  const owned = equity(state) ?? NO_QUOTE;
  return {
    dayNet: day.net,
    dayClosed: day.closed,
    dayOpen: day.open,
    dayLimit: stricterSum(
      caps?.max_daily_loss_usd ?? null,
      caps?.max_daily_loss_pct,
      desk.day?.opening ?? owned,
    ),
    equity: owned,
    gross: exposure(desk.positions, desk.orders.values(), mark, desk.external.values()).gross,
    grossLimit: stricterSum(caps?.max_gross_notional_usd ?? null, caps?.max_exposure_pct, owned),
  };
}

export function holdings(state: State): readonly Holding[] {
  const mark = markOf(state);
  return [...state.desk.positions.values()].map((held) => {
    const price = mark(held.product);
    return {
      product: held.product,
      size: held.size,
      worth: price === null ? null : worthOf(held, mark),
      stop: held.stop,
    };
  });
}

/** The stream has spoken and not broken since. */
export const isWhole = ({ aliveAt, brokenAt }: StreamState): boolean =>
  aliveAt !== null && brokenAt === null;

/** How far the venue's clock is ahead of ours, or null when that was not measured lately. */
export const clockAheadMs = ({ sight }: State, at: Instant): number | null =>
  sight.clock && at - sight.clock.at <= MEASURED_MS ? sight.clock.aheadMs : null;
