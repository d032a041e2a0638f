/** An order as the REST reads give it, brought to the names that the user channel shares. */
// coinbase.md §6.6. Only what a decision needs is read.
import { z } from "zod";
import type { OrderWire } from "../wire.ts";
import { flag, text } from "./fields.ts";

const said = text.transform((word) => (word === "REJECT_REASON_UNSPECIFIED" ? null : word));

export const OrderRow = z
  .object({
    order_id: z.string().min(1),
    client_order_id: text,
    product_id: z.string(),
    status: z.string(),
    filled_size: text,
    average_filled_price: text,
    filled_value: text,
    total_fees: text,
    pending_cancel: flag,
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
