/** The terms of an order at the moment it is accepted: its ids, its echo, its place in time. */
// Ids are derived from the seed and the count of orders, so that a run can be repeated.
import { decimal, floorTo } from "../../core/kernel/money.ts";
import type { Product } from "../catalog.ts";
import type { Order, Terms } from "../ledger-events.ts";
import { uuid } from "../names.ts";
import { type Draft, throughTrigger } from "./configuration.ts";
import { echo } from "./echo.ts";
import type { Fields, NewOrder } from "./new-order.ts";

export interface Given {
  readonly seed: string;
  /** How many orders there were before. */
  readonly before: number;
  readonly product: Product;
  readonly at: number;
}

export function termsOf(request: NewOrder, draft: Draft, given: Given): Terms {
  const { seed, before, product, at } = given;
  const sequence = before + 1;
  const { attached } = draft;
  return {
    ...draft,
    sequence,
    orderId: uuid(`${seed}|order|${sequence}`),
    clientOrderId:
      request.clientOrderId === null
        ? ""
        : request.clientOrderId || uuid(`${seed}|client|${sequence}`),
    productId: request.productId,
    base: product.base,
    quote: product.quote,
    side: request.side,
    attached: attached && { ...attached, orderId: uuid(`${seed}|attached|${sequence}`) },
    originatingOrderId: "",
    configuration: echo(request),
    createdAt: at,
  };
}

/** The bracket that sells what `parent` has bought; null when it bought too little to sell. */
export function childOf(parent: Order, { seed, before, product, at }: Given): Terms | null {
  const { attached } = parent;
  if (attached === null) return null;
  const baseSize = floorTo(parent.filledSize, product.baseStep);
  if (baseSize < product.baseMin) return null;
  const { limitPrice, stopPrice, configuration } = attached;
  const own = Object.values(configuration)[0];
  const fields = { base_size: decimal(baseSize), ...(own as Fields) };
  return {
    sequence: before + 1,
    orderId: attached.orderId,
    clientOrderId: uuid(`${seed}|client|${before + 1}`),
    productId: parent.productId,
    base: product.base,
    quote: product.quote,
    side: "SELL",
    type: "trigger_bracket_gtc",
    baseSize,
    quoteSize: null,
    net: null,
    limitPrice,
    postOnly: false,
    endsAt: null,
    stop: { price: stopPrice, up: false, limit: throughTrigger(stopPrice, product) },
    slices: null,
    attached: null,
    originatingOrderId: parent.orderId,
    configuration: { trigger_bracket_gtc: fields },
    createdAt: at,
  };
}
