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
}
type Unit = keyof Units;

export interface LimitSpec {
  readonly unit: Unit;
  /** Which way more risk lies: `more` for a cap, `less` for a cooldown. `null` (no limit) is always the riskiest. */
  readonly riskier: "more" | "less";
  readonly title: string;
}

const cap = <U extends Unit>(unit: U, title: string) => ({ unit, riskier: "more", title }) as const;

export const PORTFOLIO_LIMITS = {
  max_gross_notional_usd: cap("usd", "gross exposure"),
  max_net_notional_usd: cap("usd", "net exposure"),
  max_daily_loss_usd: cap("usd", "daily loss"),
  max_drawdown_usd: cap("usd", "drawdown from peak equity"),
  max_orders_per_minute: cap("count", "orders a minute"),
} as const satisfies Record<string, LimitSpec>;

export const PRODUCT_LIMITS = {
  max_position_notional_usd: cap("usd", "position"),
  max_position_units: cap("base", "position in units"),
  max_order_notional_usd: cap("usd", "one order"),
  max_leverage: cap("count", "leverage"),
  max_slippage_bps: cap("bps", "slippage allowed to an order"),
  cooldown_seconds: { unit: "seconds", riskier: "less", title: "pause between entries" },
} as const satisfies Record<string, LimitSpec>;

export const BREAKER_LIMITS = {
  consecutive_rejects: cap("count", "rejected orders in a row"),
  consecutive_losses: cap("count", "losing trades in a row"),
  websocket_disconnect_seconds: cap("seconds", "silence of a feed"),
  api_429_per_minute: cap("count", "throttled answers a minute"),
  spread_widening_bps: cap("bps", "spread"),
  stale_price_seconds: cap("seconds", "age of a price"),
  confirm_seconds: cap("seconds", "time a marked loss must last"),
} as const satisfies Record<string, LimitSpec>;

type Values<S extends Record<string, LimitSpec>> = {
  readonly [K in keyof S]: Units[S[K]["unit"]] | null;
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

export interface Policy {
  readonly portfolio: Values<typeof PORTFOLIO_LIMITS>;
  /** A product without a row here is not tradable. */
  readonly per_symbol: ReadonlyMap<ProductId, ProductLimits>;
  readonly circuit_breakers: Values<typeof BREAKER_LIMITS>;
  readonly event_lockouts: readonly Lockout[];
  readonly allowed: {
    readonly products: readonly ProductId[];
    readonly order_types: readonly OrderType[];
  };
}
