/** POST /orders/preview: what the venue would make of an order. Nothing is placed. */
// coinbase.md §6.8. HTTP 200 with reasons in `errs` is a refusal. Sizes may come as numbers.
import { z } from "zod";
import type { ProductId } from "../../../core/kernel/ids.ts";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Side } from "../../../core/order/state.ts";
import type { Http } from "../call.ts";
import { plain } from "../errors.ts";
import type { Fault } from "../fault.ts";
import { rows, text, told } from "./fields.ts";
import { type OrderConfiguration, orderConfiguration } from "./order-configuration.ts";

export interface PreviewWire {
  /** The venue's words for why it would refuse; empty when it would not. */
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
  /** Quote, with the fee. Null: not told, as in a refusal. */
  readonly total: string | null;
  /** Quote. */
  readonly fee: string | null;
  /** Base. */
  readonly baseSize: string | null;
  /** Quote, without the fee. */
  readonly quoteSize: string | null;
  /** Quote per base. */
  readonly bestBid: string | null;
  readonly bestAsk: string | null;
  readonly averagePrice: string | null;
}

const Reply = z.object({
  errs: rows(z.string()),
  warning: rows(z.string()),
  order_total: told,
  commission_total: told,
  base_size: told,
  quote_size: told,
  best_bid: told,
  best_ask: told,
  /** Not among the required ones. */
  est_average_filled_price: text,
});

/** @throws RangeError for a configuration that cannot be one */
export async function previewOrder(
  http: Http,
  order: {
    readonly product: ProductId;
    readonly side: Side;
    readonly configuration: OrderConfiguration;
  },
): Promise<Result<PreviewWire, Fault>> {
  const reply = await http.call({
    method: "POST",
    path: "/orders/preview",
    body: {
      product_id: order.product,
      side: order.side === "buy" ? "BUY" : "SELL",
      order_configuration: orderConfiguration(order.configuration),
    },
    schema: Reply,
    access: "signed",
    pace: "read",
    repeat: "safe",
  });
  if (!reply.ok) return reply;
  const seen = reply.value;
  return ok({
    refusals: seen.errs.map(plain),
    warnings: seen.warning.map(plain),
    total: seen.order_total,
    fee: seen.commission_total,
    baseSize: seen.base_size,
    quoteSize: seen.quote_size,
    bestBid: seen.best_bid,
    bestAsk: seen.best_ask,
    averagePrice: seen.est_average_filled_price,
  });
}
