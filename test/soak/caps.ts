/** For each cap of the policy the assertion of the exchange that holds the desk to it, or why there can be none. */
import type {
  BREAKER_LIMITS,
  PORTFOLIO_LIMITS,
  PRODUCT_LIMITS,
} from "../../src/core/risk/limits.ts";

type Held = { readonly by: string } | { readonly not: string };
/** A cap without a row does not compile. */
type Caps<S> = { readonly [K in keyof S]: Held };

const by = (name: string): Held => ({ by: name });

const portfolio: Caps<typeof PORTFOLIO_LIMITS> = {
  max_gross_notional_usd: by("max_gross_notional_usd"),
  max_net_notional_usd: by("max_net_notional_usd"),
  max_daily_loss_usd: by("max_daily_loss_usd"),
  max_drawdown_usd: by("max_drawdown_usd"),
  max_orders_per_minute: by("max_orders_per_minute"),
  max_daily_loss_pct: by("max_daily_loss_pct"),
  max_realized_loss_24h_usd: by("max_realized_loss_24h_usd"),
  max_drawdown_pct: by("max_drawdown_pct"),
  max_exposure_pct: by("max_exposure_pct"),
  max_strategy_notional_usd: by("max_strategy_notional_usd"),
  min_quote_reserve_usd: by("min_quote_reserve_usd"),
  max_orders_per_second: by("max_orders_per_second"),
  max_orders_per_day: by("max_orders_per_day"),
  max_turnover_per_day_usd: by("max_turnover_per_day_usd"),
  max_cancels_per_minute: by("max_cancels_per_minute"),
  max_open_orders: by("max_open_orders"),
};

const per_symbol: Caps<typeof PRODUCT_LIMITS> = {
  max_position_notional_usd: by("max_position_notional_usd"),
  max_position_units: by("max_position_units"),
  max_order_notional_usd: by("max_order_notional_usd"),
  max_leverage: by("max_leverage"),
  max_slippage_bps: by("max_slippage_bps"),
  cooldown_seconds: by("cooldown_seconds"),
  max_order_equity_pct: by("max_order_equity_pct"),
  max_position_equity_pct: by("max_position_equity_pct"),
  max_open_orders: by("max_open_orders of a product"),
  min_depth_multiple: by("min_depth_multiple"),
  cooldown_after_stop_seconds: by("cooldown_after_stop_seconds"),
  duplicate_window_seconds: by("duplicate_window_seconds"),
  min_edge_multiple: by("min_edge_multiple"),
  max_move_bps_per_minute: by("max_move_bps_per_minute"),
};

const circuit_breakers: Caps<typeof BREAKER_LIMITS> = {
  consecutive_rejects: by("consecutive_rejects"),
  consecutive_losses: by("consecutive_losses"),
  websocket_disconnect_seconds: by("websocket_disconnect_seconds"),
  api_429_per_minute: by("api_429_per_minute"),
  spread_widening_bps: by("spread_widening_bps"),
  stale_price_seconds: by("stale_price_seconds"),
  confirm_seconds: {
    not: "it caps no order: it is how long a condition that rests on prices must last before its breaker latches, and the rules of the gate refuse without waiting for that",
  },
  errors_per_5_minutes: by("errors_per_5_minutes"),
  identical_rejects: by("identical_rejects"),
  unknown_orders: by("unknown_orders"),
  volatility_bps_per_minute: by("volatility_bps_per_minute"),
};

/** By their keys, those of products without the product. */
export const CAPS: Readonly<Record<string, Readonly<Record<string, Held>>>> = {
  portfolio,
  per_symbol,
  circuit_breakers,
};
