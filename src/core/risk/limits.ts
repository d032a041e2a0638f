/**
 * The policy: every cap, with its unit and the direction in which it gets riskier declared beside it. The keys are those
 * of the policy file, so that a person, the file and the code call a cap by one name.
 */
import type { ProductId } from "../kernel/ids.ts";
import type { Quote, Size } from "../kernel/money.ts";
import type { TimeInForce } from "../order/state.ts";

interface Units {
  /** Quote currency; configured in USD. */
  readonly usd: Quote;
  readonly base: Size;
  readonly count: number;
  readonly seconds: number;
  readonly bps: number;
  /** Hundredths, mostly of equity. */
  readonly percent: number;
  /** How many times something. */
  readonly times: number;
}
type Unit = keyof Units;

export interface LimitSpec {
  readonly unit: Unit;
  /** Which way more risk lies: `more` for a cap, `less` for a cooldown. `null` (no limit) is always the riskiest. */
  readonly riskier: "more" | "less";
  readonly title: string;
  /** No value is above it, in the file or from the chat; no limit is `null`, not a large number. */
  readonly greatest: number;
  readonly optional?: boolean;
  /** `null` makes no sense: an order always has a worst price, a price always an age. */
  readonly needed?: boolean;
  /** Zero would trip or refuse for ever. */
  readonly aboveZero?: boolean;
}

const GREATEST: { readonly [U in Unit]: number } = {
  usd: 1e12,
  base: 1e14,
  count: 1e6,
  /** Thirty days. */
  seconds: 2_592_000,
  /** As much as the price itself. */
  bps: 10_000,
  percent: 1000,
  times: 1000,
};

const cap = <U extends Unit>(unit: U, title: string) =>
  ({ unit, riskier: "more", title, greatest: GREATEST[unit] }) as const;
const floor = <U extends Unit>(unit: U, title: string) =>
  ({ unit, riskier: "less", title, greatest: GREATEST[unit] }) as const;
/** May be left out of a file, and is absent from policies from before there was such a cap: no limit. */
const may = <S extends LimitSpec>(spec: S) => ({ ...spec, optional: true }) as const;
const needed = <S extends LimitSpec>(spec: S) => ({ ...spec, needed: true }) as const;
const upTo = <S extends LimitSpec>(greatest: number, spec: S) => ({ ...spec, greatest }) as const;
const aboveZero = <S extends LimitSpec>(spec: S) => ({ ...spec, aboveZero: true }) as const;
const trip = <U extends Unit>(unit: U, title: string) => aboveZero(cap(unit, title));

export const PORTFOLIO_LIMITS = {
  max_gross_notional_usd: cap("usd", "gross exposure"),
  max_net_notional_usd: cap("usd", "net exposure"),
  max_daily_loss_usd: cap("usd", "daily loss"),
  max_drawdown_usd: cap("usd", "drawdown from peak equity"),
  max_orders_per_minute: cap("count", "orders a minute"),
  max_daily_loss_pct: may(cap("percent", "daily loss, of equity")),
  max_realized_loss_24h_usd: may(cap("usd", "realised loss of 24 hours")),
  max_drawdown_pct: may(cap("percent", "drawdown, of peak equity")),
  max_exposure_pct: may(cap("percent", "gross exposure, of equity")),
  max_strategy_notional_usd: may(cap("usd", "exposure of one strategy")),
  min_quote_reserve_usd: may(floor("usd", "cash kept back")),
  max_orders_per_second: may(cap("count", "orders a second")),
  max_orders_per_day: may(cap("count", "orders a UTC day")),
  max_turnover_per_day_usd: may(cap("usd", "turnover of a UTC day")),
  max_cancels_per_minute: may(cap("count", "cancels a minute")),
  max_open_orders: may(cap("count", "open orders")),
} as const satisfies Record<string, LimitSpec>;

export const PRODUCT_LIMITS = {
  max_position_notional_usd: cap("usd", "position"),
  max_position_units: cap("base", "position in units"),
  max_order_notional_usd: cap("usd", "one order"),
  max_leverage: aboveZero(cap("times", "leverage")),
  max_slippage_bps: needed(cap("bps", "slippage allowed to an order")),
  cooldown_seconds: needed(floor("seconds", "pause between entries")),
  max_order_equity_pct: may(cap("percent", "one order, of equity")),
  max_position_equity_pct: may(cap("percent", "position, of equity")),
  max_open_orders: may(cap("count", "open orders")),
  min_depth_multiple: may(floor("times", "visible depth, of the order")),
  cooldown_after_stop_seconds: may(floor("seconds", "pause after a stop")),
  /** Orders are looked back at for an hour. */
  duplicate_window_seconds: may(upTo(3600, floor("seconds", "pause before the same order again"))),
  min_edge_multiple: may(floor("times", "expected profit, of its costs")),
  max_move_bps_per_minute: may(cap("bps", "price move of a minute")),
} as const satisfies Record<string, LimitSpec>;

export const BREAKER_LIMITS = {
  consecutive_rejects: trip("count", "rejected orders in a row"),
  consecutive_losses: trip("count", "losing trades in a row"),
  websocket_disconnect_seconds: trip("seconds", "silence of a feed"),
  api_429_per_minute: trip("count", "throttled answers a minute"),
  spread_widening_bps: trip("bps", "spread"),
  stale_price_seconds: needed(upTo(3600, trip("seconds", "age of a price"))),
  confirm_seconds: needed(upTo(3600, cap("seconds", "time a marked loss must last"))),
  errors_per_5_minutes: may(trip("count", "failed calls in five minutes")),
  identical_rejects: may(trip("count", "the same refusal in a row")),
  unknown_orders: may(trip("count", "orders of unknown fate")),
  volatility_bps_per_minute: may(trip("bps", "price move of a minute that trips")),
} as const satisfies Record<string, LimitSpec>;

type Optional = { readonly optional: true };
type Values<S extends Record<string, LimitSpec>> = {
  readonly [K in keyof S as S[K] extends Optional ? never : K]: Units[S[K]["unit"]] | null;
} & {
  readonly [K in keyof S as S[K] extends Optional ? K : never]?: Units[S[K]["unit"]] | null;
};

export type ProductLimits = Values<typeof PRODUCT_LIMITS>;

/** A daily window without entries, UTC. `from` and `to` are minutes since midnight; `to <= from` crosses midnight. */
export interface Lockout {
  readonly name: string;
  readonly enabled: boolean;
  readonly from: number;
  readonly to: number;
  /** 0 = Sunday … 6 = Saturday: the day on which the window begins. */
  readonly days: readonly number[];
}

/**
 * `market_ioc`: marketable orders, sent as a capped limit IOC unless a person asks for a sum at the market; `limit_gtc`:
 * resting limits; `twap_limit_gtd`: limits that the venue trades in parts over time.
 */
export const ORDER_TYPES = ["market_ioc", "limit_gtc", "twap_limit_gtd"] as const;
export type OrderType = (typeof ORDER_TYPES)[number];

export const TYPE_OF: { readonly [T in TimeInForce]: OrderType } = {
  ioc: "market_ioc",
  gtc: "limit_gtc",
  gtd: "twap_limit_gtd",
};

/** A key of a limit, such as `portfolio.max_daily_loss_usd`. */
export type LimitKey = string;

export interface Policy {
  readonly portfolio: Values<typeof PORTFOLIO_LIMITS>;
  /** A product without a row here is not tradable. */
  readonly per_symbol: ReadonlyMap<ProductId, ProductLimits>;
  readonly circuit_breakers: Values<typeof BREAKER_LIMITS>;
  readonly event_lockouts: readonly Lockout[];
  /** With one enabled, entries are taken inside such a window only. Absent in policies from before there were any. */
  readonly session_windows?: readonly Lockout[];
  /** What no person in chat can pass, by key. Only the file sets it. */
  readonly ceilings?: ReadonlyMap<LimitKey, Quote | Size | number>;
  /** The rules of a place of residence, told at start; null or absent for none. */
  readonly region?: "NY" | null;
  /** When a tripped daily loss clears by itself; null or absent: never. */
  readonly reset?: "utc_midnight" | null;
  readonly allowed: {
    readonly products: readonly ProductId[];
    readonly order_types: readonly OrderType[];
  };
}
