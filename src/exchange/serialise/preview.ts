/** Estimates as previews of orders and edits show them. */
// Texts throughout; what spot does not have is an empty text or null.
import { decimal, type Price, type Quote, type Size } from "../../core/kernel/money.ts";
import type { Slices } from "../ledger-events.ts";
import type { Book } from "../market/synthetic-book.ts";

export interface Estimate {
  /** Value with fees: what leaves on a BUY, what arrives on a SELL. */
  readonly total: Quote;
  readonly fees: Quote;
  readonly value: Quote;
  readonly size: Size;
  /** Of what would trade at once; null when nothing would. */
  readonly average: Price | null;
  /** A ratio: how far the average is from the best price. */
  readonly slippage: bigint;
}

export const NOTHING: Estimate = {
  total: 0n as Quote,
  fees: 0n as Quote,
  value: 0n as Quote,
  size: 0n as Size,
  average: null,
  slippage: 0n,
};

const bestOf = ({ bids, asks }: Book): Record<string, string> => ({
  best_bid: bids[0] === undefined ? "" : decimal(bids[0].price),
  best_ask: asks[0] === undefined ? "" : decimal(asks[0].price),
});

export function previewBody(
  estimate: Estimate,
  {
    book,
    previewId,
    slices,
  }: { readonly book: Book; readonly previewId: string; readonly slices: Slices | null },
): Record<string, unknown> {
  const fees = decimal(estimate.fees);
  return {
    order_total: decimal(estimate.total),
    commission_total: fees,
    errs: [],
    warning: [],
    quote_size: decimal(estimate.value),
    base_size: decimal(estimate.size),
    ...bestOf(book),
    is_max: false,
    order_margin_total: "",
    leverage: "",
    long_leverage: "",
    short_leverage: "",
    slippage: decimal(estimate.slippage),
    preview_id: previewId,
    current_liquidation_buffer: "",
    projected_liquidation_buffer: "",
    max_leverage: "",
    pnl_configuration: null,
    twap_bucket_metadata: slices && partsBody(slices, estimate),
    position_notional_limit: "",
    max_notional_at_requested_leverage: "",
    margin_ratio_data: null,
    commission_detail_total: {
      total_commission: fees,
      gst_commission: "",
      withholding_commission: "",
      client_commission: "",
      venue_commission: "",
      regulatory_commission: "",
      clearing_commission: "",
    },
    scaled_metadata: null,
    est_average_filled_price: decimal(estimate.average ?? 0n),
  };
}

const partsBody = ({ everyMs, count }: Slices, { size }: Estimate): Record<string, string> => ({
  bucket_duration: `${everyMs / 1000}s`,
  bucket_size: decimal(size / BigInt(count)),
  number_of_buckets: String(count),
});

/** A preview that says no has the required keys only. */
export const failedPreviewBody = (
  errs: readonly string[],
  book: Book,
): Record<string, unknown> => ({
  order_total: "0",
  commission_total: "0",
  errs,
  warning: [],
  quote_size: "0",
  base_size: "0",
  ...bestOf(book),
  is_max: false,
});

export const editPreviewBody = (
  estimate: Estimate,
  { book, errors }: { readonly book: Book; readonly errors: readonly unknown[] },
): Record<string, unknown> => ({
  errors,
  slippage: decimal(estimate.slippage),
  order_total: decimal(estimate.total),
  commission_total: decimal(estimate.fees),
  quote_size: decimal(estimate.value),
  base_size: decimal(estimate.size),
  ...bestOf(book),
  average_filled_price: decimal(estimate.average ?? 0n),
  order_margin_total: "",
});
