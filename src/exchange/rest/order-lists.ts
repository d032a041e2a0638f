/** Routes that show orders: one by its id, or a list with its filters. */
// A new order can be missing here for a while: `orderMs` and `listMs` of the lags.
import { invalidArgument, notFound } from "../errors.ts";
import type { Order } from "../ledger-events.ts";
import type { Request, Route } from "../route.ts";
import { orderBody, orderType, TIME_IN_FORCE } from "../serialise/order.ts";
import type { Venue } from "../venue.ts";
import {
  EXPIRY_TYPES,
  isUnseen,
  limitOf,
  listOf,
  momentOf,
  ORDER_TYPES,
  PRODUCT_TYPES,
  pageOf,
  SIDES,
  wordOf,
  wordsOf,
} from "./query.ts";

const NOT_FOUND = "order with this orderID was not found";
const STATUSES = {
  words: [
    "PENDING",
    "OPEN",
    "FILLED",
    "CANCELLED",
    "EXPIRED",
    "FAILED",
    "QUEUED",
    "CANCEL_QUEUED",
    "EDIT_QUEUED",
  ],
  nothing: "UNKNOWN_ORDER_STATUS",
};
const TIMES_IN_FORCE = {
  words: ["GOOD_UNTIL_DATE_TIME", "GOOD_UNTIL_CANCELLED", "IMMEDIATE_OR_CANCEL", "FILL_OR_KILL"],
  nothing: "UNKNOWN_TIME_IN_FORCE",
};
const SOURCES = {
  words: ["RETAIL_SIMPLE", "RETAIL_ADVANCED", "RETAIL_ADMIN", "RETAIL_RAISE"],
  nothing: "UNKNOWN_PLACEMENT_SOURCE",
};
const SORTS = {
  words: ["LIMIT_PRICE", "LAST_FILL_TIME", "LAST_UPDATE_TIME"],
  nothing: "UNKNOWN_SORT_BY",
};

export const orderListRoutes = (venue: Venue): readonly Route[] => [
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
      const { clock, lags } = venue;
      if (order === undefined || isUnseen(order.createdAt, lags.orderMs, clock.now())) {
        throw notFound(NOT_FOUND);
      }
      return { order: orderBody(order, venue.identity) };
    },
  },
];

function list(venue: Venue, { query }: Request): Record<string, unknown> {
  const wanted = filterOf(query);
  const now = venue.clock.now();
  const rows = [...venue.ledger.orders.values()]
    .filter((order) => !isUnseen(order.createdAt, venue.lags.listMs, now) && wanted(order))
    .reverse();
  const sorted = sort(rows, wordOf(query, "sort_by", SORTS));
  const limit = limitOf(query, { usual: 1000, most: 1000 });
  const page = pageOf(sorted, query, { limit, key: (order) => order.orderId });
  return {
    orders: page.rows.map((order) => orderBody(order, venue.identity)),
    sequence: "0",
    has_next: page.hasNext,
    cursor: page.cursor,
  };
}

/** Largest first; without a word for it, newest first as they come. */
function sort(rows: readonly Order[], by: string | null): readonly Order[] {
  const figure = (order: Order): number | bigint => {
    if (by === "LIMIT_PRICE") return order.limitPrice ?? 0n;
    return by === "LAST_FILL_TIME" ? (order.lastFillAt ?? 0) : order.updatedAt;
  };
  if (by === null) return rows;
  return [...rows].sort((a, b) => (figure(a) < figure(b) ? 1 : figure(a) > figure(b) ? -1 : 0));
}

function filterOf(query: URLSearchParams): (order: Order) => boolean {
  const statuses = wordsOf(query, "order_status", STATUSES);
  if (statuses.includes("OPEN") && new Set(statuses).size > 1) {
    throw invalidArgument("OPEN cannot be used together with other order statuses");
  }
  const lists: readonly (readonly [readonly string[], (order: Order) => string])[] = [
    [statuses, (order) => order.status],
    [listOf(query, "order_ids"), (order) => order.orderId],
    [listOf(query, "product_ids", "product_id"), (order) => order.productId],
    [wordsOf(query, "order_types", ORDER_TYPES), orderType],
    [wordsOf(query, "time_in_forces", TIMES_IN_FORCE), (order) => TIME_IN_FORCE[order.type]],
    [wordsOf(query, "order_side", SIDES), (order) => order.side],
    [wordsOf(query, "product_type", PRODUCT_TYPES), () => "SPOT"],
    [wordsOf(query, "order_placement_source", SOURCES), () => "RETAIL_ADVANCED"],
    [wordsOf(query, "contract_expiry_type", EXPIRY_TYPES), () => "none on spot"],
  ];
  const assets = listOf(query, "asset_filters");
  const from = momentOf(query, "start_date") ?? 0;
  const to = momentOf(query, "end_date") ?? Number.POSITIVE_INFINITY;
  return (order) =>
    order.createdAt >= from &&
    order.createdAt < to &&
    (assets.length === 0 || assets.includes(order.base) || assets.includes(order.quote)) &&
    lists.every(([values, of]) => values.length === 0 || values.includes(of(order)));
}
