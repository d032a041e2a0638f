/** The route that lists fills, newest first. */
// A fill can appear here later than on the user channel: `fillsLagMs`.
import type { Route } from "../http.ts";
import type { Fill, Order } from "../ledger-events.ts";
import { fillBody } from "../serialise/fill.ts";
import { orderType } from "../serialise/order.ts";
import type { Venue } from "../venue.ts";
import { limitOf, listOf, momentOf, pageOf } from "./query.ts";

export const fillRoutes = (venue: Venue): readonly Route[] => [
  {
    method: "GET",
    pattern: "/orders/historical/fills",
    needs: "view",
    handle: ({ query }) => {
      const rows = venue.ledger.fills.filter(filterOf(venue, query)).reverse();
      const limit = limitOf(query, { usual: 100, most: 1000 });
      const page = pageOf(rows, query, { limit, key: (fill) => fill.entryId });
      const fills = page.rows.map((fill) => fillBody(fill, venue.identity));
      return { fills, cursor: page.cursor };
    },
  },
];

function filterOf(venue: Venue, query: URLSearchParams): (fill: Fill) => boolean {
  const orderOf = (fill: Fill): Order => venue.ledger.order(fill.orderId);
  const lists: readonly (readonly [readonly string[], (fill: Fill) => string])[] = [
    [listOf(query, "order_ids"), (fill) => fill.orderId],
    [listOf(query, "trade_ids"), (fill) => fill.tradeId],
    [listOf(query, "product_ids"), (fill) => fill.productId],
    [listOf(query, "order_types"), (fill) => orderType(orderOf(fill))],
    [listOf(query, "order_side"), (fill) => fill.side],
    [listOf(query, "product_types"), () => "SPOT"],
  ];
  const from = momentOf(query, "start_sequence_timestamp") ?? 0;
  const to = momentOf(query, "end_sequence_timestamp") ?? Number.POSITIVE_INFINITY;
  const visible = venue.clock.now() - venue.settings.fillsLagMs;
  return (fill) =>
    fill.at <= visible &&
    fill.at >= Math.floor(from) &&
    fill.at <= to &&
    lists.every(([values, of]) => values.length === 0 || values.includes(of(fill)));
}
