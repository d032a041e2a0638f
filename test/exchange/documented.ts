/** The keys of every reply and frame as the service documents them, object by object. */
// Written from the documentation and from public captures, never from what the exchange says. `key?` may be missing.

const AMOUNT = "value currency";
const LEVELS = { bids: "price size", asks: "price size" };
const ENVELOPE = "channel timestamp sequence_num events";
const ENVELOPE_OF_OLD = `${ENVELOPE} client_id`;

const PRODUCT = `product_id price price_percentage_change_24h volume_24h volume_percentage_change_24h
  base_increment quote_increment quote_min_size quote_max_size base_min_size base_max_size base_name quote_name
  watched is_disabled new status cancel_only limit_only post_only trading_disabled auction_mode product_type
  quote_currency_id base_currency_id fcm_trading_session_details mid_market_price alias alias_to
  base_display_symbol quote_display_symbol view_only price_increment display_name product_venue
  approximate_quote_24h_volume new_at market_cap base_cbrn quote_cbrn product_cbrn icon_color icon_url
  display_name_overwrite is_alpha_testing about_description best_bid_price best_ask_price
  high_24h? low_24h? future_product_details? equity_product_details?`;

const ORDER = `order_id product_id user_id order_configuration side client_order_id status time_in_force
  created_time completion_percentage filled_size average_filled_price fee number_of_fills filled_value
  pending_cancel size_in_quote total_fees size_inclusive_of_fees total_value_after_fees trigger_status order_type
  reject_reason settled product_type reject_message cancel_message order_placement_source
  outstanding_hold_amount is_liquidation last_fill_time edit_history leverage margin_type retail_portfolio_id
  originating_order_id attached_order_id attached_order_configuration current_pending_replace
  commission_detail_total workable_size workable_size_completion_pct last_update_time product_details?
  cost_basis_method? displayed_order_config? equity_trading_session? prediction_side?
  total_value_after_fees_native? outstanding_hold_amount_native? total_fees_native?`;

const FILL = `entry_id trade_id order_id trade_time trade_type price size commission product_id
  sequence_timestamp liquidity_indicator size_in_quote user_id side retail_portfolio_id fillSource
  commission_detail_total order_data_source future_legs`;

const ACCOUNT = `uuid name currency available_balance default active created_at updated_at deleted_at type
  ready hold retail_portfolio_id platform`;
const ACCOUNT_PARTS = { available_balance: AMOUNT, hold: AMOUNT };

const PREVIEW = `order_total commission_total errs warning quote_size base_size best_bid best_ask is_max
  order_margin_total leverage long_leverage short_leverage slippage preview_id current_liquidation_buffer
  projected_liquidation_buffer max_leverage pnl_configuration twap_bucket_metadata position_notional_limit
  max_notional_at_requested_leverage margin_ratio_data commission_detail_total scaled_metadata
  est_average_filled_price compliance_limit_data? predicted_liquidation_price? available_buying_power?
  max_loss?`;

const USER_ORDER = `avg_price cancel_reason client_order_id completion_percentage contract_expiry_type
  cumulative_quantity filled_value leaves_quantity limit_price number_of_fills order_id order_side order_type
  outstanding_hold_amount post_only product_id product_type reject_Reason retail_portfolio_id risk_managed_by
  status stop_price time_in_force total_fees total_value_after_fees trigger_status creation_time end_time
  start_time`;

const TICKER = `type product_id price volume_24_h low_24_h high_24_h low_52_w high_52_w
  price_percent_chg_24_h`;
const MARGIN = `margin_window_type margin_level initial_margin maintenance_margin
  liquidation_buffer_percentage total_hold futures_buying_power`;
const LIMIT_ECHO = `base_size limit_price post_only rfq_disabled reduce_only currency_size oco_ref`;

/** Paths as `a.b[]`; under a key stand the keys of that object, or of the objects of that list. */
export type Keys = Readonly<Record<string, string>>;

const under = (at: string, parts: Keys): Keys =>
  Object.fromEntries(Object.entries(parts).map(([path, keys]) => [`${at}.${path}`, keys]));
const levels = (at: string): Keys => ({
  [`${at}.bids[]`]: LEVELS.bids,
  [`${at}.asks[]`]: LEVELS.asks,
});

export const REST: Readonly<Record<string, Keys>> = {
  time: { "": "iso epochSeconds epochMillis" },
  permissions: { "": "can_view can_trade can_transfer portfolio_uuid portfolio_type" },
  accounts: {
    "": "accounts has_next cursor size",
    "accounts[]": ACCOUNT,
    ...under("accounts[]", ACCOUNT_PARTS),
  },
  account: { "": "account", account: ACCOUNT, ...under("account", ACCOUNT_PARTS) },
  products: { "": "products num_products pagination", "products[]": PRODUCT },
  product: { "": PRODUCT },
  book: {
    "": "pricebook last mid_market spread_bps spread_absolute",
    pricebook: "product_id bids asks time",
    ...levels("pricebook"),
  },
  "best bid and ask": {
    "": "pricebooks",
    "pricebooks[]": "product_id bids asks time",
    ...levels("pricebooks[]"),
  },
  candles: { "": "candles", "candles[]": "start low high open close volume" },
  trades: {
    "": "trades best_bid best_ask",
    "trades[]": "trade_id product_id price size time side bid ask exchange",
  },
  summary: {
    "": `total_volume total_fees advanced_trade_only_volume advanced_trade_only_fees coinbase_pro_volume
      coinbase_pro_fees fee_tier margin_rate goods_and_services_tax total_balance has_promo_fee
      volume_breakdown has_cost_plus_commission fee_tier_without_promotion? deribit_venue_data?`,
    fee_tier: `pricing_tier taker_fee_rate maker_fee_rate usd_from usd_to aop_from aop_to perps_vol_from
      perps_vol_to futures_vol_from futures_vol_to volume_types_and_range`,
    "fee_tier.volume_types_and_range[]": "volume_types vol_from vol_to",
    "volume_breakdown[]": "volume_type volume",
  },
  portfolios: { "": "portfolios", "portfolios[]": "name uuid type deleted" },
  create: {
    "": "success success_response order_configuration",
    success_response: "order_id product_id side client_order_id attached_order_id",
    order_configuration: "limit_limit_gtc",
    "order_configuration.limit_limit_gtc": LIMIT_ECHO,
  },
  "create refused": {
    "": "success error_response order_configuration",
    error_response: "error message error_details preview_failure_reason new_order_failure_reason",
    order_configuration: "limit_limit_gtc",
    "order_configuration.limit_limit_gtc": LIMIT_ECHO,
  },
  order: {
    "": "order",
    order: ORDER,
    "order.order_configuration": "limit_limit_gtc",
    "order.order_configuration.limit_limit_gtc": LIMIT_ECHO,
    "order.edit_history[]": "price size replace_accept_timestamp",
  },
  orders: { "": "orders sequence has_next cursor proof_token_required?", "orders[]": ORDER },
  fills: { "": "fills cursor", "fills[]": FILL },
  preview: {
    "": PREVIEW,
    commission_detail_total: `total_commission gst_commission withholding_commission client_commission
      venue_commission regulatory_commission clearing_commission`,
  },
  "edit preview": {
    "": `errors slippage order_total commission_total quote_size base_size best_bid best_ask
      average_filled_price order_margin_total`,
  },
  edit: { "": "success errors" },
  "edit refused": {
    "": "success errors",
    "errors[]": "edit_failure_reason preview_failure_reason?",
  },
  cancel: { "": "results", "results[]": "success failure_reason order_id" },
  "not found": { "": "error error_details message" },
};

export const FRAMES: Readonly<Record<string, Keys>> = {
  subscriptions: {
    "": ENVELOPE,
    "events[]": "subscriptions",
    "events[].subscriptions": "ticker ticker_batch level2 market_trades candles status heartbeats",
  },
  heartbeats: { "": ENVELOPE, "events[]": "current_time heartbeat_counter" },
  ticker: {
    "": ENVELOPE,
    "events[]": "type tickers",
    "events[].tickers[]": `${TICKER} best_bid best_ask best_bid_quantity best_ask_quantity`,
  },
  ticker_batch: { "": ENVELOPE, "events[]": "type tickers", "events[].tickers[]": TICKER },
  l2_data: {
    "": ENVELOPE_OF_OLD,
    "events[]": "type product_id updates",
    "events[].updates[]": "side event_time price_level new_quantity",
  },
  market_trades: {
    "": ENVELOPE,
    "events[]": "type trades",
    "events[].trades[]": "trade_id product_id price size side time",
  },
  candles: {
    "": ENVELOPE,
    "events[]": "type candles",
    "events[].candles[]": "start high low open close volume product_id",
  },
  status: {
    "": ENVELOPE,
    "events[]": "type products",
    "events[].products[]": `product_type id base_currency quote_currency base_increment quote_increment
      display_name status status_message min_market_funds`,
  },
  user: {
    "": ENVELOPE_OF_OLD,
    "events[]": "type orders positions",
    "events[].orders[]": USER_ORDER,
    "events[].positions":
      "perpetual_futures_positions expiring_futures_positions prediction_market_positions?",
  },
  futures_balance_summary: {
    "": ENVELOPE_OF_OLD,
    "events[]": "type fcm_balance_summary",
    "events[].fcm_balance_summary": `futures_buying_power total_usd_balance cbi_usd_balance
      cfm_usd_balance total_open_orders_hold_amount unrealized_pnl daily_realized_pnl initial_margin
      available_margin liquidation_threshold liquidation_buffer_amount liquidation_buffer_percentage
      intraday_margin_window_measure overnight_margin_window_measure`,
    "events[].fcm_balance_summary.intraday_margin_window_measure": MARGIN,
    "events[].fcm_balance_summary.overnight_margin_window_measure": MARGIN,
  },
};
