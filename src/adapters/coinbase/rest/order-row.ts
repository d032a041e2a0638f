/** An order as the REST reads give it, brought to the names that the user channel shares. */
// coinbase.md §6.6. Only what a decision needs is read; what it needs must be there, though it may be empty.
import { z } from "zod";
import type { OrderWire } from "../wire.ts";
import { flag, text, told } from "./fields.ts";

const said = text.transform((word) => (word === "REJECT_REASON_UNSPECIFIED" ? null : word));

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
    }),
  );
