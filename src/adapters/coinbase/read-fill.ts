/** From the wire's fill to amounts: base is base and quote is quote, whatever the venue gave the size in. */
// coinbase.md §6.3, §6.13. Throws RangeError on what is not an amount or a moment; `reading` turns that into a value.
import {
  type ProductId,
  productId,
  type VenueOrderId,
  venueOrderId,
} from "../../core/kernel/ids.ts";
import {
  notional,
  type Price,
  price,
  type Quote,
  quote,
  type Size,
  size,
  sizeOf,
} from "../../core/kernel/money.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Side } from "../../core/order/state.ts";
import { moment } from "./read.ts";
import type { FillWire } from "./rest/list-fills.ts";

export interface FillRead {
  /** Unique among all fills. */
  readonly entry: string;
  readonly order: VenueOrderId;
  readonly product: ProductId;
  readonly side: Side;
  readonly at: Instant;
  readonly price: Price;
  readonly size: Size;
  /** Without the fee. */
  readonly value: Quote;
  readonly fee: Quote;
  readonly liquidity: "maker" | "taker" | null;
  /** A reversal or correction by the venue and no trade: a person must look at it. */
  readonly adjustment: boolean;
}

/** @throws RangeError naming what cannot be read */
export function readFill(wire: FillWire): FillRead {
  const at = price(wire.price);
  if (at <= 0n) throw new RangeError("a fill has a price above zero");
  const value = wire.size_in_quote ? quote(wire.size) : notional(at, size(wire.size));
  return {
    entry: wire.entry_id,
    order: venueOrderId(wire.order_id),
    product: productId(wire.product_id),
    side: wire.side === "BUY" ? "buy" : "sell",
    at: moment(wire.trade_time),
    price: at,
    size: wire.size_in_quote ? sizeOf(value, at) : size(wire.size),
    value,
    fee: quote(wire.commission),
    liquidity: LIQUIDITY[wire.liquidity_indicator ?? ""] ?? null,
    adjustment: wire.trade_type !== "FILL",
  };
}

const LIQUIDITY: Readonly<Record<string, "maker" | "taker">> = { MAKER: "maker", TAKER: "taker" };
