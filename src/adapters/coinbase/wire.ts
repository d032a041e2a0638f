/** The rows that the WebSocket channels carry, but for books. Amounts stay text; the readers make money of them. */
// coinbase.md §9.6, §9.7. Tolerant of what the venue has varied: numbers as text, spellings, unknown enums, empty texts.
import { z } from "zod";
import { plainDecimal } from "./plain-decimal.ts";
import { text } from "./rest/fields.ts";

const amount = z.union([z.string(), z.number()]).transform((value) => plainDecimal(String(value)));
/** "" and null when there is nothing to tell. */
const optionalAmount = text.transform((value) => (value === null ? null : plainDecimal(value)));

/** Must be there; null and "" mean that there is nothing to tell. */
const told = z
  .union([z.string(), z.number()])
  .nullable()
  .transform((value) => (value === null || value === "" ? null : plainDecimal(String(value))));

export const TickerWire = z.object({
  product_id: z.string(),
  /** Null while a side of the book is empty. */
  best_bid: told,
  best_ask: told,
  best_bid_quantity: told,
  best_ask_quantity: told,
});
export type TickerWire = z.output<typeof TickerWire>;

/** The slow ticker has no best prices. */
export const SlowTickerWire = z.object({ product_id: z.string(), price: z.string() });
export type SlowTickerWire = z.output<typeof SlowTickerWire>;

export const TradeWire = z.object({
  /** A decimal integer as text, rising within a product. */
  trade_id: z.union([z.string().min(1), z.number()]).transform(String),
  product_id: z.string(),
  price: amount,
  size: amount,
  /** RFC 3339 with up to nine fractional digits. */
  time: z.string(),
});
export type TradeWire = z.output<typeof TradeWire>;

/** A five-minute bucket. */
export const BucketWire = z.object({
  product_id: z.string(),
  /** Unix seconds, as text. */
  start: z
    .union([z.string().min(1), z.number()])
    .transform(Number)
    .pipe(z.number().int().nonnegative()),
  low: amount,
  high: amount,
  open: amount,
  close: amount,
  volume: amount,
});
export type BucketWire = z.output<typeof BucketWire>;

export const StatusWire = z.object({
  /** A product's own id, `-USDC` ones included. */
  id: z.string(),
  /** `online`, or what keeps the product from trading. */
  status: z.string(),
  status_message: text,
});
export type StatusWire = z.output<typeof StatusWire>;

/** An order as the user channel and the REST reads tell it, under one set of names. Everything filled is cumulative. */
export interface OrderWire {
  readonly orderId: string;
  readonly clientId: string | null;
  readonly product: string;
  readonly status: string;
  /** Base. */
  readonly filledSize: string | null;
  readonly averagePrice: string | null;
  /** Quote, without fees. Missing in frames of 2023. */
  readonly filledValue: string | null;
  readonly totalFees: string | null;
  readonly pendingCancel: boolean;
  readonly rejectWord: string | null;
  readonly cancelWord: string | null;
  /** `BUY` or `SELL`. Null on the stream, as the next two: what was placed is read where a whole order is told. */
  readonly side: string | null;
  /** How many executions made up what is filled, as text. */
  readonly fills: string | null;
  readonly ordered: OrderedWire | null;
}

/** What was ordered: the name of its configuration and the parts that all of them share. */
export interface OrderedWire {
  readonly type: string;
  /** Base, or quote; one of them. */
  readonly base: string | null;
  readonly quote: string | null;
  readonly limit: string | null;
}

export const UserOrder = z
  .object({
    order_id: z.string().min(1),
    client_order_id: text,
    product_id: z.string(),
    status: z.string(),
    cumulative_quantity: amount,
    avg_price: optionalAmount,
    filled_value: optionalAmount,
    total_fees: optionalAmount,
    /** The wire spells it with a capital R; the documentation does not. */
    reject_Reason: text,
    reject_reason: text,
    cancel_reason: text,
  })
  .transform(
    (wire): OrderWire => ({
      orderId: wire.order_id,
      clientId: wire.client_order_id,
      product: wire.product_id,
      status: wire.status,
      filledSize: wire.cumulative_quantity,
      averagePrice: wire.avg_price,
      filledValue: wire.filled_value,
      totalFees: wire.total_fees,
      pendingCancel: false,
      rejectWord: wire.reject_Reason ?? wire.reject_reason,
      cancelWord: wire.cancel_reason,
      side: null,
      fills: null,
      ordered: null,
    }),
  );
