/** A fill as `GET orders/historical/fills` shows it. */
// A quote-sized order's fills carry their size in quote currency, net of commission.
import { decimal } from "../../core/kernel/money.ts";
import type { Fill } from "../ledger-events.ts";
import type { Identity } from "../names.ts";
import { micros, millis } from "./time.ts";

export const fillBody = (fill: Fill, identity: Identity): Record<string, unknown> => ({
  entry_id: fill.entryId,
  trade_id: fill.tradeId,
  order_id: fill.orderId,
  trade_time: millis(fill.at),
  trade_type: fill.type,
  price: decimal(fill.price),
  size: decimal(fill.sizeInQuote ? fill.value : fill.size),
  commission: decimal(fill.commission),
  product_id: fill.productId,
  sequence_timestamp: micros(fill.at, fill.sequence),
  liquidity_indicator: fill.liquidity,
  size_in_quote: fill.sizeInQuote,
  user_id: identity.user,
  side: fill.side,
  retail_portfolio_id: identity.portfolio,
  fillSource: "FILL_SOURCE_CLOB",
  commission_detail_total: null,
  order_data_source: "ORDER_DATA_SOURCE_TRADING_PROXY",
  future_legs: [],
});
