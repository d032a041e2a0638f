/** How much of each cap is in use now, read from what the gate itself looks at. A new cap cannot be forgotten here. */
import type { ProductId } from "../kernel/ids.ts";
import { asBps, decimal, NO_QUOTE, type Quote, ratio } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { spread } from "../market/view.ts";
import type { BREAKER_LIMITS, PORTFOLIO_LIMITS, PRODUCT_LIMITS } from "../risk/limits.ts";
import type { RiskView } from "../risk/rule.ts";
import type { State } from "./state.ts";

export interface Seen {
  readonly state: State;
  readonly view: RiskView;
  /** The product that the cap is about; of no meaning to the others. */
  readonly product: ProductId;
}

/** Decimal text in the unit of the cap; null where use has no meaning or is not known. */
type Use = (seen: Seen) => string | null;
type Uses<S> = { readonly [K in keyof S]: Use };

const NEVER: Use = () => null;
const exact = (amount: bigint | null): string | null => (amount === null ? null : decimal(amount));
const loss = (profit: Quote | null): string | null =>
  profit === null ? null : decimal(profit < 0n ? -profit : NO_QUOTE);
const plain = (value: number | null): string | null =>
  value === null ? null : value.toFixed(4).replace(/\.?0+$/, "");

/** Hundredths of a whole; unknown while either is. */
function percent(part: Quote | null, whole: Quote | null): string | null {
  if (part === null || whole === null || whole <= 0n) return null;
  return plain(Math.max(0, asBps(ratio(part, whole)) / 100));
}

const minus = (amount: Quote | null): Quote | null =>
  amount === null ? null : (-amount as bigint as Quote);
const worthHere = ({ view, product }: Seen): Quote | null =>
  view.exposure === null ? null : (view.exposure.byProduct.get(product) ?? NO_QUOTE);
const biggest = (worth: ReadonlyMap<string, Quote> | null): string | null =>
  worth && exact([...worth.values()].reduce((most, each) => (each > most ? each : most), NO_QUOTE));

export const PORTFOLIO_USE: Uses<typeof PORTFOLIO_LIMITS> = {
  max_gross_notional_usd: ({ view }) => exact(view.exposure?.gross ?? null),
  max_net_notional_usd: ({ view }) => exact(view.exposure?.net ?? null),
  max_daily_loss_usd: ({ view }) => loss(view.dayNet),
  max_drawdown_usd: ({ view }) => exact(view.drawdown),
  max_orders_per_minute: ({ view }) => plain(view.ordersLastMinute),
  max_daily_loss_pct: ({ view }) => percent(minus(view.dayNet), view.dayOpening),
  max_realized_loss_24h_usd: ({ view }) => loss(view.realized24h),
  max_drawdown_pct: ({ view }) => percent(view.drawdown, view.peak),
  max_exposure_pct: ({ view }) => percent(view.exposure?.gross ?? null, view.equity),
  max_strategy_notional_usd: ({ view }) => biggest(view.byStrategy),
  min_quote_reserve_usd: ({ view }) => exact(view.freeQuote),
  max_orders_per_second: ({ view }) => plain(view.ordersLastSecond),
  max_orders_per_day: ({ view }) => plain(view.ordersToday),
  max_turnover_per_day_usd: ({ view }) => exact(view.turnoverToday),
  max_cancels_per_minute: ({ view }) => plain(view.cancelsLastMinute),
  max_open_orders: ({ view }) => plain(view.openOrders),
};

export const PRODUCT_USE: Uses<typeof PRODUCT_LIMITS> = {
  max_position_notional_usd: (seen) => exact(worthHere(seen)),
  max_position_units: ({ view }) => exact(view.held),
  max_order_notional_usd: NEVER,
  max_leverage: NEVER,
  max_slippage_bps: NEVER,
  cooldown_seconds: NEVER,
  max_order_equity_pct: NEVER,
  max_position_equity_pct: (seen) => percent(worthHere(seen), seen.view.equity),
  max_open_orders: ({ view }) => plain(view.own.length),
  min_depth_multiple: NEVER,
  cooldown_after_stop_seconds: NEVER,
  duplicate_window_seconds: NEVER,
  min_edge_multiple: NEVER,
  max_move_bps_per_minute: ({ view }) => plain(view.moveBps),
};

const MINUTE_MS = 60_000;
const seconds = (ms: number | null): string | null => (ms === null ? null : plain(ms / 1000));
const first = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null || b === null || a < b ? (a ?? b) : b;

function widestSpread({ sight }: State): string | null {
  const points = [...sight.markets.values()].flatMap(({ quote }) =>
    quote && quote.bid > 0n ? [asBps(spread(quote))] : [],
  );
  return points.length === 0 ? null : Math.max(...points).toFixed(1);
}

export const BREAKER_USE: Uses<typeof BREAKER_LIMITS> = {
  consecutive_rejects: ({ view }) => plain(view.rejectStreak),
  consecutive_losses: ({ view }) => plain(view.lossStreak),
  websocket_disconnect_seconds: ({ state: { sight }, view }) => {
    const oldest = first(sight.streams.market.aliveAt, sight.streams.user.aliveAt);
    return seconds(oldest === null ? null : view.at - oldest);
  },
  api_429_per_minute: ({ state, view }) =>
    plain(state.sight.throttled.filter((time) => view.at - time < MINUTE_MS).length),
  spread_widening_bps: ({ state }) => widestSpread(state),
  stale_price_seconds: ({ view }) => seconds(view.heardAt === null ? null : view.at - view.heardAt),
  confirm_seconds: NEVER,
  errors_per_5_minutes: ({ view }) => plain(view.errorsLately),
  identical_rejects: ({ view }) => plain(view.sameRefusals?.count ?? 0),
  unknown_orders: ({ view }) => plain(view.unknownTotal),
  volatility_bps_per_minute: ({ view }) => plain(view.moveBps),
};
