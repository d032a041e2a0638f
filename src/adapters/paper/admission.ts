/** What the real venue would refuse at its counter, in its words. The gate asks the same before; a venue does not trust a gate. */
import type { Answer } from "../../core/engine/input.ts";
import { baseOf, quoteOf } from "../../core/kernel/ids.ts";
import {
  isMultiple,
  notional,
  plus,
  type Quote,
  type Rate,
  type Size,
  times,
} from "../../core/kernel/money.ts";
import type { Product } from "../../core/market/product.ts";
import { orderWorth, type Plan } from "../../core/order/state.ts";

export interface Counter {
  /** As last listed; undefined before. */
  readonly product: Product | undefined;
  readonly takerRate: Rate;
  /** What is owned of a currency and not held for another order. */
  readonly free: (currency: string) => Size;
}

type Rejected = Extract<Answer, { kind: "rejected" }>;

export const rejected = (reason: string, message: string): Rejected => ({
  kind: "rejected",
  reason,
  message,
});

/** A buy holds its worst cost with the taker's fee, whatever role it will have. */
export function buyHold(at: Plan["limit"], of: Size, takerRate: Rate): Quote {
  const worth = notional(at, of);
  return plus(worth, times(worth, takerRate));
}

/** Null for an order that would be taken. */
export function refused(plan: Plan, counter: Counter): Rejected | null {
  const { product } = counter;
  return (product && (closed(plan, product) ?? figures(plan, product))) ?? funds(plan, counter);
}

function closed({ postOnly, spend }: Plan, { closed: shut, only }: Product): Rejected | null {
  const unfit =
    only === "post_only" ? postOnly !== true : only !== undefined && spend !== undefined;
  const why = shut ?? (unfit ? only : null) ?? null;
  return why === null ? null : rejected("ORDER_ENTRY_DISABLED", `the product is ${why}`);
}

function figures(plan: Plan, product: Product): Rejected | null {
  const { size, limit, spend } = plan;
  const worth = orderWorth(plan);
  if (spend !== undefined) return bounds(worth, product);
  if (!isMultiple(limit, product.priceStep)) {
    return rejected("INVALID_PRICE_PRECISION", "Too many decimals in order price");
  }
  if (!isMultiple(size, product.sizeStep)) {
    return rejected("INVALID_SIZE_PRECISION", "Too many decimals in order amount");
  }
  if (size < product.minSize) {
    return rejected("PREVIEW_INVALID_BASE_SIZE_TOO_SMALL", "below the smallest size");
  }
  if (size > product.maxSize) {
    return rejected("PREVIEW_INVALID_BASE_SIZE_TOO_LARGE", "above the largest size");
  }
  return bounds(worth, product);
}

function bounds(worth: Quote, product: Product): Rejected | null {
  if (worth < product.minNotional) {
    return rejected("PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL", "worth too little");
  }
  return worth > product.maxNotional
    ? rejected("PREVIEW_INVALID_QUOTE_SIZE_TOO_LARGE", "worth too much")
    : null;
}

function funds(plan: Plan, { takerRate, free }: Counter): Rejected | null {
  const { product, side, size, limit, spend } = plan;
  const enough =
    side === "sell"
      ? size <= free(baseOf(product))
      : ((spend ?? buyHold(limit, size, takerRate)) as bigint) <= free(quoteOf(product));
  return enough ? null : rejected("INSUFFICIENT_FUND", "Insufficient balance in source account");
}
