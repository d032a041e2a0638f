/** Trades as the venue has them in its books: those of one order, and those of our products since a moment. */
// Complete or a fault: a trade that cannot be read, or whose order cannot be told, is never left out.
import {
  type OrderId,
  orderId,
  type ProductId,
  type VenueOrderId,
  venueOrderId,
} from "../../core/kernel/ids.ts";
import { fail, type Result } from "../../core/kernel/result.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Observation, Trade } from "../../core/order/state.ts";
import type { VenueFault } from "../../ports/venue.ts";
import { faultText } from "./fault.ts";
import type { OrderNames } from "./order-names.ts";
import { reading, readProductId } from "./read.ts";
import { readFill } from "./read-fill.ts";
import { readObservation } from "./read-order.ts";
import { getOrder } from "./rest/get-order.ts";
import { type FillWire, listFills } from "./rest/list-fills.ts";
import type { StreamWorld } from "./stream-world.ts";
import { venueFault } from "./venue-fault.ts";

type World = Pick<StreamWorld, "http" | "rejected">;

/** Orders asked for by themselves in one reading of trades. What they were is remembered, so the next gets further. */
const MOST_ASKED = 50;

export interface Proof {
  readonly observation: Observation;
  readonly trades: readonly Trade[];
}

/**
 * The order first and its fills after it. What executes between the two is then a trade too many for the order, which is
 * news; read the other way round it would look like a fill that the venue does not give.
 */
export async function prove(
  asked: { readonly order: OrderId; readonly venueId: VenueOrderId; readonly product: ProductId },
  { http, rejected }: World,
): Promise<Result<Proof, VenueFault>> {
  const { order, venueId, product } = asked;
  const row = await getOrder(http, venueId, "read");
  if (!row.ok) return fail(venueFault(row.error));
  const { orderId: id, clientId } = row.value;
  const fills = await listFills(http, { products: [], order: venueId, since: null, most: null });
  if (!fills.ok) return fail(venueFault(fills.error));
  const read = reading((): Proof => {
    if (id !== venueId) throw new RangeError(`asked for order ${venueId}, the answer is another`);
    if (clientId !== null && clientId !== order) {
      throw new RangeError(`order ${venueId} has another client order id than ours`);
    }
    return {
      observation: readObservation({ ...row.value, clientId: order }, "read"),
      trades: fills.value.map((fill) => {
        const isIts = fill.order_id === venueId && fill.product_id === product;
        if (!isIts) throw new RangeError(`among the fills of ${venueId} is one of another order`);
        return readFill(fill, order);
      }),
    };
  });
  return read.ok ? read : unread(read.error, rejected);
}

export interface TradeSearch {
  readonly products: readonly ProductId[];
  readonly names: OrderNames;
  readonly since: Instant;
}

/** Fills name only the venue's order: those that nobody has heard of are asked for, one by one. */
export async function tradesSince(
  { products, names, since }: TradeSearch,
  { http, rejected }: World,
): Promise<Result<readonly Trade[], VenueFault>> {
  const fills = await listFills(http, { products, order: null, since, most: null });
  if (!fills.ok) return fail(venueFault(fills.error));
  const isAsked = (fill: FillWire): boolean => {
    const product = readProductId(fill.product_id);
    const isOurs = typeof names.clientIdOf(fill.order_id) === "string";
    return product === null || products.includes(product) || isOurs;
  };
  const rows = fills.value.filter(isAsked);
  const ids = reading(() => [...new Set(rows.map((row) => venueOrderId(row.order_id)))]);
  if (!ids.ok) return unread(ids.error, rejected);
  const unknown = ids.value.filter((id) => names.clientIdOf(id) === undefined);
  for (const id of unknown.slice(0, MOST_ASKED)) {
    const row = await getOrder(http, id, "read");
    if (!row.ok) return unnamed(id, faultText(row.error));
    if (row.value.orderId !== id) return unread(`asked for order ${id}, not answered`, rejected);
    // Read by itself, an order without a client id was placed elsewhere.
    if (names.named(row.value) === null) names.learnForeign(id);
  }
  if (unknown.length > MOST_ASKED) {
    const detail = `trades of ${unknown.length} unknown orders: ${MOST_ASKED} are asked for at a time`;
    return fail({ kind: "unavailable", detail });
  }
  const read = reading(() => rows.map((row) => readFill(row, nameOf(row, names))));
  return read.ok ? read : unread(read.error, rejected);
}

function nameOf({ order_id: id }: FillWire, names: OrderNames): OrderId | null {
  const name = names.clientIdOf(id);
  // So many other orders have been heard of meanwhile that this one is forgotten again.
  if (name === undefined) throw new RangeError(`whose order ${id} is cannot be told`);
  return name === null ? null : orderId(name);
}

/** A new order may be out of sight of reads for a moment: asking again makes sense. */
const unnamed = (id: VenueOrderId, why: string): Result<never, VenueFault> =>
  fail({ kind: "unavailable", detail: `whose order ${id} is cannot be told: ${why}` });

function unread(why: string, rejected: World["rejected"]): Result<never, VenueFault> {
  rejected("user", why);
  return fail({ kind: "unavailable", detail: `a trade cannot be read: ${why}` });
}
