/** What the desk has at stake, at its worst: positions at their price plus every buy that could still happen. */
import type { ProductId } from "../kernel/ids.ts";
import {
  NO_QUOTE,
  NO_SIZE,
  notional,
  type Price,
  plus,
  type Quote,
  type Size,
  sum,
} from "../kernel/money.ts";
import { leaves, strayCost, worstCost } from "../order/merge.ts";
import type { Order, Side } from "../order/state.ts";
import type { Position } from "./position.ts";

/** The price to value a holding at, or null while none is known. */
export type MarkOf = (product: ProductId) => Price | null;

/** An order of somebody else on the same account, and the most that it can still cost; null when that cannot be told. */
interface External {
  readonly product: ProductId;
  readonly side: Side;
  readonly worth: Quote | null;
}

export interface Exposure {
  /** Quote, per product: holding at its mark (at cost while unmarked) plus live buys at their limit. */
  readonly byProduct: ReadonlyMap<ProductId, Quote>;
  /** Spot is long only: gross and net are the same sum. */
  readonly gross: Quote;
  readonly net: Quote;
}

export function exposure(
  positions: ReadonlyMap<ProductId, Position>,
  orders: Iterable<Order>,
  markOf: MarkOf,
  external: Iterable<External> = [],
): Exposure {
  const byProduct = new Map<ProductId, Quote>();
  const add = (product: ProductId, worth: Quote): void => {
    byProduct.set(product, plus(byProduct.get(product) ?? NO_QUOTE, worth));
  };
  for (const held of positions.values()) add(held.product, worthOf(held, markOf));
  for (const order of orders) {
    if (order.plan.side === "buy") add(order.plan.product, worstCost(order));
    const stray = strayCost(order);
    if (stray) add(stray.product, stray.worth);
  }
  for (const { product, side, worth } of external) {
    if (side === "buy") add(product, worth ?? NO_QUOTE);
  }
  const gross = sum(byProduct.values());
  return { byProduct, gross, net: gross };
}

export function worthOf(held: Position, markOf: MarkOf): Quote {
  const mark = markOf(held.product);
  return mark === null ? held.cost : notional(mark, held.size);
}

/** Base promised to live sell orders of a product. */
export const pendingSales = (orders: Iterable<Order>, product: ProductId): Size => {
  let total = NO_SIZE;
  for (const order of orders) {
    if (order.plan.side === "sell" && order.plan.product === product)
      total = plus(total, leaves(order));
  }
  return total;
};

/** Quote promised to live buy orders, without fees. */
export const pendingCost = (orders: Iterable<Order>): Quote => {
  let total = NO_QUOTE;
  for (const order of orders) if (order.plan.side === "buy") total = plus(total, worstCost(order));
  return total;
};
