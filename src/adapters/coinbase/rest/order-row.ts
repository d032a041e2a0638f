/** An order as the REST reads give it, brought to the names that the user channel shares. */
// coinbase.md §6.6. Only what a decision needs is read; what it needs must be there, though it may be empty.
import { z } from "zod";
import type { OrderedWire, OrderWire } from "../wire.ts";
import { flag, text, told } from "./fields.ts";

const said = text.transform((word) => (word === "REJECT_REASON_UNSPECIFIED" ? null : word));

const Part = z.object({ base_size: text, quote_size: text, limit_price: text });

/** Exactly one key, its name the type; null for anything else: what an order did must be read all the same. */
function orderedOf(raw: unknown): OrderedWire | null {
  const read = z.record(z.string(), z.unknown()).safeParse(raw);
  const [entry, ...others] = read.success ? Object.entries(read.data) : [];
  const part = Part.safeParse(entry?.[1]);
  if (entry === undefined || others.length > 0 || !part.success) return null;
  const { base_size, quote_size, limit_price } = part.data;
  return { type: entry[0], base: base_size, quote: quote_size, limit: limit_price };
}

export const OrderRow = z
  .object({
    order_id: z.string().min(1),
    /** Empty for orders placed elsewhere. */
    client_order_id: told,
    product_id: z.string(),
    status: z.string(),
    /** Base, cumulative. */
    filled_size: told,
    /** Quote per base. May be missing: `filled_value` tells the same, and one of them must. */
    average_filled_price: text,
    /** Quote, cumulative, without fees. May be missing, as above. */
    filled_value: text,
    /** Quote, cumulative. */
    total_fees: told,
    /** May be missing: the status says it too, a moment later. */
    pending_cancel: flag,
    /** Words for people; may be missing. */
    reject_reason: said,
    reject_message: text,
    cancel_message: text,
    /** What was ordered, and how many fills it has: proofs need them, nothing else does; may be missing. */
    side: text,
    number_of_fills: text,
    order_configuration: z.unknown().optional().transform(orderedOf),
  })
  .transform(
    (row): OrderWire => ({
      orderId: row.order_id,
      clientId: row.client_order_id,
      product: row.product_id,
      status: row.status,
      filledSize: row.filled_size,
      averagePrice: row.average_filled_price,
      filledValue: row.filled_value,
      totalFees: row.total_fees,
      pendingCancel: row.pending_cancel,
      rejectWord: row.reject_reason ?? row.reject_message,
      cancelWord: row.cancel_message,
      side: row.side,
      fills: row.number_of_fills,
      ordered: row.order_configuration,
    }),
  );
