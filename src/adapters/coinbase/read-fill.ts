/** From the wire's fill to a trade: base is base and quote is quote, whatever the venue gave the size in. */
// coinbase.md §6.3, §6.13. Throws RangeError on what is not an amount or a moment; `reading` turns that into a value.
import { type OrderId, productId, venueOrderId } from "../../core/kernel/ids.ts";
import {
  NO_SIZE,
  notional,
  type Price,
  price,
  type Quote,
  quote,
  type Size,
  size,
  sizeOf,
} from "../../core/kernel/money.ts";
import type { Trade } from "../../core/order/state.ts";
import { clipped, moment } from "./read.ts";
import type { FillWire } from "./rest/list-fills.ts";

/**
 * `FILL` is a trade; `REVERSAL`, `CORRECTION`, `SYNTHETIC` and whatever else may come are adjustments, which are handed on
 * with what figures they have.
 * @param order whose it is, null for somebody else's
 * @throws RangeError naming what cannot be read
 */
export function readFill(wire: FillWire, order: OrderId | null): Trade {
  const adjustment = wire.trade_type !== "FILL";
  const at = price(clipped(wire.price));
  const amounts = amountsOf(wire, at);
  if (!adjustment && at <= 0n) throw new RangeError("a fill has a price above zero");
  if (!adjustment && amounts.size <= 0n) throw new RangeError("a fill has a size above zero");
  return {
    entry: wire.entry_id,
    order,
    venueId: venueOrderId(wire.order_id),
    product: productId(wire.product_id),
    side: wire.side === "BUY" ? "buy" : "sell",
    at: moment(wire.trade_time),
    price: at,
    ...amounts,
    fee: quote(clipped(wire.commission)),
    liquidity: LIQUIDITY[wire.liquidity_indicator ?? ""] ?? null,
    adjustment,
  };
}

function amountsOf(wire: FillWire, at: Price): { readonly size: Size; readonly value: Quote } {
  const text = clipped(wire.size);
  if (!wire.size_in_quote) return { size: size(text), value: notional(at, size(text)) };
  const value = quote(text);
  return { size: at > 0n ? sizeOf(value, at) : NO_SIZE, value };
}

const LIQUIDITY: Readonly<Record<string, "maker" | "taker">> = { MAKER: "maker", TAKER: "taker" };
