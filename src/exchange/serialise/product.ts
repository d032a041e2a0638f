/** A product as REST shows it, with the prices of the book it trades in. */
// All numbers are texts; what this exchange does not know is an empty text.
import { decimal, notional, type Price, type Quote } from "../../core/kernel/money.ts";
import type { Catalog, Product } from "../catalog.ts";
import type { Market } from "../market/market.ts";
import type { Day } from "../market/tape.ts";

export function productBody(
  product: Product,
  {
    market,
    catalog,
    now,
  }: { readonly market: Market; readonly catalog: Catalog; readonly now: number },
): Record<string, unknown> {
  const day = market.tape(product.book).day(now);
  const last = market.last(product.book);
  const twins = [...catalog.values()].filter(
    (other) => other.book === product.id && other.id !== product.id,
  );
  return {
    product_id: product.id,
    price: last === 0n ? "" : decimal(last),
    price_percentage_change_24h: percentChange(day, last),
    volume_24h: day === undefined ? "" : decimal(day.volume),
    volume_percentage_change_24h: "0",
    base_increment: decimal(product.baseStep),
    quote_increment: decimal(product.quoteStep),
    quote_min_size: decimal(product.quoteMin),
    quote_max_size: decimal(product.quoteMax),
    base_min_size: decimal(product.baseMin),
    base_max_size: decimal(product.baseMax),
    base_name: product.baseName,
    quote_name: product.quoteName,
    watched: false,
    is_disabled: product.flags.is_disabled,
    new: false,
    status: product.flags.status,
    cancel_only: product.flags.cancel_only,
    limit_only: product.flags.limit_only,
    post_only: product.flags.post_only,
    trading_disabled: product.flags.trading_disabled,
    auction_mode: product.flags.auction_mode,
    product_type: "SPOT",
    quote_currency_id: product.quote,
    base_currency_id: product.base,
    fcm_trading_session_details: null,
    mid_market_price: "",
    alias: product.book === product.id ? "" : product.book,
    alias_to: twins.map((twin) => twin.id),
    base_display_symbol: product.base,
    quote_display_symbol: "USD",
    view_only: product.flags.view_only,
    price_increment: decimal(product.priceStep),
    display_name: product.id,
    product_venue: "CBE",
    approximate_quote_24h_volume: day === undefined ? "" : cents(notional(last, day.volume)),
    new_at: "2023-01-01T00:00:00Z",
    market_cap: "",
    base_cbrn: "",
    quote_cbrn: "",
    product_cbrn: "",
    icon_color: "",
    icon_url: "",
    display_name_overwrite: "",
    is_alpha_testing: false,
    about_description: "",
    best_bid_price: "",
    best_ask_price: "",
  };
}

const cents = (value: Quote): string => decimal(value - (value % 10n ** 16n));

export function percentChange(day: Day | undefined, last: Price): string {
  if (day === undefined || day.open === 0n) return "0";
  const percent = ((last - day.open) * 100n * 10n ** 18n) / day.open;
  return decimal(percent - (percent % 10_000n));
}
