/** Routes that place and cancel orders. */
// The engine decides; here its answers take the documented shapes.
import { invalidArgument } from "../errors.ts";
import { echo } from "../matching/echo.ts";
import { isRecord, readNewOrder } from "../matching/new-order.ts";
import { REFUSALS, type Refusal } from "../matching/refusal.ts";
import type { Route } from "../route.ts";
import type { Venue } from "../venue.ts";

const MOST_CANCELS = 100;

export const orderRoutes = (venue: Venue): readonly Route[] => [
  {
    method: "POST",
    pattern: "/orders",
    needs: "trade",
    handle: ({ body }) => create(venue, body),
  },
  {
    method: "POST",
    pattern: "/orders/batch_cancel",
    needs: "trade",
    handle: ({ body }) => batchCancel(venue, body),
  },
  {
    method: "POST",
    pattern: "/orders/close_position",
    needs: "trade",
    handle: ({ body }) => closePosition(venue, body),
  },
];

/**
 * A client id seen before gives the OLD order's id while everything else echoes the NEW request: so
 * does reality.
 */
function create(venue: Venue, body: unknown): Record<string, unknown> {
  const request = readNewOrder(body);
  const created = venue.engine.create(request);
  const configuration = echo(request);
  if ("error" in created) return refused(created, configuration);
  const order = venue.ledger.order(created.orderId);
  return {
    success: true,
    success_response: {
      order_id: created.orderId,
      product_id: request.productId,
      side: request.side,
      client_order_id: request.clientOrderId || order.clientOrderId,
      attached_order_id: order.attached?.orderId ?? "",
    },
    order_configuration: configuration,
  };
}

const refused = (
  { error, message, preview }: Refusal,
  configuration: Readonly<Record<string, unknown>>,
): Record<string, unknown> => ({
  success: false,
  error_response: {
    error,
    message,
    error_details: "",
    preview_failure_reason: preview,
    new_order_failure_reason: error,
  },
  order_configuration: configuration,
});

function batchCancel({ engine }: Venue, body: unknown): Record<string, unknown> {
  const ids: unknown = isRecord(body) ? body["order_ids"] : null;
  if (!Array.isArray(ids) || ids.length === 0 || ids.some((id) => typeof id !== "string")) {
    throw invalidArgument("order_ids must be a list of texts");
  }
  if (ids.length > MOST_CANCELS) throw invalidArgument("Too many orderIDs entered, limit is 100");
  const results = ids.map((id: string) => {
    const refusal = engine.cancel(id);
    return {
      success: refusal === null,
      failure_reason: refusal ?? "UNKNOWN_CANCEL_FAILURE_REASON",
      order_id: id,
    };
  });
  return { results };
}

/** There are no futures here, so there is no position to close. */
function closePosition({ catalog }: Venue, body: unknown): Record<string, unknown> {
  const { product_id: productId, size = "" } = isRecord(body) ? body : {};
  if (typeof productId !== "string") throw invalidArgument("product_id must be a text");
  if (typeof size !== "string") throw invalidArgument("size must be a text");
  const why = catalog.has(productId) ? REFUSALS.unsupported : REFUSALS.product;
  return refused(why, { market_market_ioc: { base_size: size } });
}
