/** Makes the views people read from the live state. */
import { tradingState } from "../control/trading.ts";
import { asBps, decimal, NO_QUOTE } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { spread } from "../market/view.ts";
import { displayState } from "../order/lifecycle.ts";
import { exposure, worthOf } from "../portfolio/exposure.ts";
import { averagePrice, unrealized } from "../portfolio/position.ts";
import { type LimitRow, limitRows, limitText } from "../risk/policy.ts";
import { BREAKER_LIST, figures } from "./breakers.ts";
import { clockAheadMs, glance, markOf } from "./figures.ts";
import { marketSights } from "./market-sight.ts";
import type { State } from "./state.ts";
import type { BreakerView, DeskView, LimitView, OrderView, PositionView } from "./views.ts";

export function deskView(state: State, at: Instant): DeskView {
  const { desk, sight } = state;
  return {
    at,
    mode: desk.mode,
    name: desk.name,
    trading: tradingState(desk),
    paused: desk.paused,
    halted: desk.halted,
    killed: desk.killed,
    reconciled: sight.reconciled,
    glance: glance(state),
    positions: positionViews(state),
    orders: orderViews(state, at),
    limits: limitViews(state, at),
    breakers: breakerViews(state, at),
    feeds: Object.entries(sight.streams).map(([stream, { aliveAt }]) => ({
      stream,
      ageMs: aliveAt === null ? null : at - aliveAt,
    })),
    clockAheadMs: clockAheadMs(state, at),
    markets: marketSights(state, at),
    entry: state.settings.orderQuote,
    silent: [...sight.silent.values()].map(({ platform, room, why, since }) => ({
      platform,
      room,
      why,
      silentMs: at - since,
    })),
    fills: [...desk.fills],
    pending: [...desk.confirmations.values()],
    counts: { ...desk.counts },
  };
}

function positionViews(state: State): readonly PositionView[] {
  const mark = markOf(state);
  return [...state.desk.positions.values()].map((held) => {
    const price = mark(held.product);
    return {
      product: held.product,
      size: held.size,
      worth: price === null ? null : worthOf(held, mark),
      stop: held.stop,
      average: averagePrice(held),
      take: held.take,
      mark: price,
      open: price === null ? null : unrealized(held, price),
      fees: held.fees,
    };
  });
}

const orderViews = ({ desk }: State, at: Instant): readonly OrderView[] =>
  [...desk.orders.values()].map((order) => ({
    id: order.plan.id,
    product: order.plan.product,
    side: order.plan.side,
    purpose: order.plan.purpose,
    size: order.plan.size,
    limit: order.plan.limit,
    filled: order.executed.size,
    state: displayState(order),
    ageMs: at - order.plan.plannedAt,
  }));

function limitViews(state: State, at: Instant): readonly LimitView[] {
  const { policy } = state.desk;
  if (!policy) return [];
  return limitRows(policy).map((row) => ({
    key: row.key,
    title: row.spec.title,
    unit: row.spec.unit,
    value: limitText(row.value),
    used: used(state, row, at),
  }));
}

/** How much of a cap is in use, where use has a meaning. */
function used(state: State, { key }: LimitRow, at: Instant): string | null {
  const { desk } = state;
  const now = figures(state, at);
  const day = glance(state);
  const name = key.slice(key.lastIndexOf(".") + 1);
  switch (name) {
    case "max_gross_notional_usd":
    case "max_net_notional_usd":
      return decimal(day.gross);
    case "max_daily_loss_usd":
      return decimal(day.dayNet < 0n ? -day.dayNet : NO_QUOTE);
    case "max_drawdown_usd":
      return now?.drawdown == null ? null : decimal(now.drawdown);
    case "max_orders_per_minute":
      return String(desk.recentOrders.filter((time) => at - time < 60_000).length);
    case "consecutive_losses":
      return String(desk.lossStreak);
    case "consecutive_rejects":
      return String(desk.rejectStreak);
    case "api_429_per_minute":
      return String(now?.throttledLastMinute ?? 0);
    case "max_position_notional_usd":
    case "max_position_units":
      return usedByProduct(state, key, name);
    case "spread_widening_bps":
      return widestSpread(state);
    default:
      return null;
  }
}

function usedByProduct(state: State, key: string, name: string): string {
  for (const product of state.settings.products) {
    if (!key.startsWith(`per_symbol.${product}.`)) continue;
    if (name === "max_position_units")
      return decimal(state.desk.positions.get(product)?.size ?? 0n);
    const { positions, orders, external } = state.desk;
    const { byProduct } = exposure(positions, orders.values(), markOf(state), external.values());
    return decimal(byProduct.get(product) ?? NO_QUOTE);
  }
  return "0";
}

function widestSpread({ sight }: State): string | null {
  const points = [...sight.markets.values()].flatMap(({ quote }) =>
    quote && quote.bid > 0n ? [asBps(spread(quote))] : [],
  );
  return points.length === 0 ? null : Math.max(...points).toFixed(1);
}

function breakerViews(state: State, at: Instant): readonly BreakerView[] {
  const now = figures(state, at);
  return BREAKER_LIST.flatMap((breaker) => {
    const reading = now && breaker.read(now);
    const tripped = state.desk.trips.get(breaker.name) ?? null;
    if (!reading && !tripped) return [];
    const unit = reading?.unit === "usd" ? "$" : "";
    return [
      {
        breaker: breaker.name,
        tripped,
        distance: reading ? `${unit}${reading.observed}/${unit}${reading.limit}` : "",
        nearness: reading?.nearness ?? 1,
      },
    ];
  });
}
