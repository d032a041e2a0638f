/** Routes that place, cancel and show orders. */
// The engine decides; here its answers take the documented shapes.
import { invalidArgument, notFound } from "../errors.ts";
import type { Request, Route } from "../http.ts";
import type { Order } from "../ledger-events.ts";
import { echo, readNewOrder } from "../matching/configuration.ts";
import type { Refusal } from "../matching/refusal.ts";
import { orderBody, orderType, TIME_IN_FORCE } from "../serialise/order.ts";
import type { Venue } from "../venue.ts";
import { limitOf, listOf, momentOf, pageOf } from "./query.ts";

const MOST_CANCELS = 100;
const NOT_FOUND = "order with this orderID was not found";

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
    method: "GET",
    pattern: "/orders/historical/batch",
    needs: "view",
    handle: (request) => list(venue, request),
  },
  {
    method: "GET",
    pattern: "/orders/historical/{order_id}",
    needs: "view",
    handle: ({ path }) => {
      const order = venue.ledger.orders.get(path.get("order_id") ?? "");
      const lag = venue.settings.orderLagMs;
      if (order === undefined || venue.clock.now() < order.createdAt + lag) {
        throw notFound(NOT_FOUND);
      }
      return { order: orderBody(order, venue.identity) };
    },
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
      attached_order_id: "",
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
  const ids: unknown =
    typeof body === "object" && body !== null && "order_ids" in body ? body.order_ids : null;
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

function list(venue: Venue, { query }: Request): Record<string, unknown> {
  const wanted = filterOf(query);
  const rows = [...venue.ledger.orders.values()].filter(wanted).reverse();
  const limit = limitOf(query, { usual: 1000, most: 1000 });
  const page = pageOf(rows, query, { limit, key: (order) => order.orderId });
  return {
    orders: page.rows.map((order) => orderBody(order, venue.identity)),
    sequence: "0",
    has_next: page.hasNext,
    cursor: page.cursor,
  };
}

function filterOf(query: URLSearchParams): (order: Order) => boolean {
  const statuses = listOf(query, "order_status");
  if (statuses.includes("OPEN") && new Set(statuses).size > 1) {
    throw invalidArgument("OPEN cannot be used together with other order statuses");
  }
  const lists: readonly (readonly [readonly string[], (order: Order) => string])[] = [
    [statuses, (order) => order.status],
    [listOf(query, "order_ids"), (order) => order.orderId],
    [listOf(query, "product_ids"), (order) => order.productId],
    [listOf(query, "order_types"), orderType],
    [listOf(query, "time_in_forces"), (order) => TIME_IN_FORCE[order.type]],
    [listOf(query, "order_side"), (order) => order.side],
  ];
  const from = momentOf(query, "start_date") ?? 0;
  const to = momentOf(query, "end_date") ?? Number.POSITIVE_INFINITY;
  const type = query.get("product_type") ?? "";
  const spot = type === "" || type === "SPOT" || type === "UNKNOWN_PRODUCT_TYPE";
  return (order) =>
    spot &&
    order.createdAt >= from &&
    order.createdAt < to &&
    lists.every(([values, of]) => values.length === 0 || values.includes(of(order)));
}
