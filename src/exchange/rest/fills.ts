/** The route that lists fills, newest first. */
// A fill can appear here later than on the user channel: `fillsMs` of the lags.
import type { Fill, Order } from "../ledger-events.ts";
import type { Route } from "../route.ts";
import { fillBody } from "../serialise/fill.ts";
import { orderType } from "../serialise/order.ts";
import type { Venue } from "../venue.ts";
import {
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

const SORTS = { words: ["PRICE", "TRADE_TIME"], nothing: "UNKNOWN_SORT_BY" };

export const fillRoutes = (venue: Venue): readonly Route[] => [
  {
    method: "GET",
    pattern: "/orders/historical/fills",
    needs: "view",
    handle: ({ query }) => {
      const rows = venue.ledger.fills.filter(filterOf(venue, query)).reverse();
      if (wordOf(query, "sort_by", SORTS) === "PRICE") rows.sort(dearestFirst);
      const limit = limitOf(query, { usual: 100, most: 1000 });
      const page = pageOf(rows, query, { limit, key: (fill) => fill.entryId });
      const fills = page.rows.map((fill) => fillBody(fill, venue.identity));
      return { fills, cursor: page.cursor };
    },
  },
];

const dearestFirst = (a: Fill, b: Fill): number =>
  a.price === b.price ? b.sequence - a.sequence : a.price < b.price ? 1 : -1;

function filterOf(venue: Venue, query: URLSearchParams): (fill: Fill) => boolean {
  const orderOf = (fill: Fill): Order => venue.ledger.order(fill.orderId);
  const lists: readonly (readonly [readonly string[], (fill: Fill) => string])[] = [
    [listOf(query, "order_ids", "order_id"), (fill) => fill.orderId],
    [listOf(query, "trade_ids"), (fill) => fill.tradeId],
    [listOf(query, "product_ids", "product_id"), (fill) => fill.productId],
    [wordsOf(query, "order_types", ORDER_TYPES), (fill) => orderType(orderOf(fill))],
    [wordsOf(query, "order_side", SIDES), (fill) => fill.side],
    [wordsOf(query, "product_types", PRODUCT_TYPES), () => "SPOT"],
  ];
  const from = momentOf(query, "start_sequence_timestamp") ?? 0;
  const to = momentOf(query, "end_sequence_timestamp") ?? Number.POSITIVE_INFINITY;
  const now = venue.clock.now();
  return (fill) =>
    !isUnseen(fill.at, venue.lags.fillsMs, now) &&
    fill.at >= Math.floor(from) &&
    fill.at <= to &&
    lists.every(([values, of]) => values.length === 0 || values.includes(of(fill)));
}
