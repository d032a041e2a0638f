/**
 * The checks every order passes before it is accepted, in the venue's order: the first that fails
 * is the answer.
 */
// Pure: it is told the book, the money and the time.
import {
  isMultiple,
  notional,
  type Price,
  plus,
  type Quote,
  type Rate,
  times,
} from "../../core/kernel/money.ts";
import type { Product } from "../catalog.ts";
import type { Side } from "../ledger-events.ts";
import type { Book } from "../market/synthetic-book.ts";
import type { Draft } from "./configuration.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import { netOf, opposite, type Plan, reaches, walk } from "./walk.ts";

export interface Asked {
  readonly draft: Draft;
  readonly side: Side;
  readonly product: Product;
  readonly book: Book;
  readonly taker: Rate;
  readonly available: bigint;
  readonly now: number;
}

/** An order that may be placed, with what it would take at once and what it has to hold. */
export interface Checked {
  readonly plan: Plan;
  /** Quote currency for a BUY, base for a SELL. */
  readonly hold: bigint;
}

export const planOf = ({ draft, side, book, taker }: Asked): Plan =>
  walk(book, {
    side,
    size: draft.baseSize,
    net: draft.quoteSize === null ? null : netOf(draft.quoteSize, taker),
    limit: draft.limitPrice,
  });

export function check(asked: Asked): Checked | Refusal {
  const refusal = flags(asked) ?? amounts(asked) ?? bounds(asked) ?? terms(asked);
  if (refusal !== undefined) return refusal;
  const plan = planOf(asked);
  if (asked.draft.limitPrice === null && plan.takes.length === 0) return REFUSALS.noLiquidity;
  const hold = holdOf(asked, plan);
  return hold > asked.available ? REFUSALS.funds : { plan, hold };
}

function flags({ product, draft }: Asked): Refusal | undefined {
  const is = product.flags;
  if (is.trading_disabled || is.is_disabled || is.view_only) return REFUSALS.disabled;
  if (is.cancel_only || is.auction_mode) return REFUSALS.entryDisabled;
  if (is.limit_only && draft.limitPrice === null) return REFUSALS.entryDisabled;
  return is.post_only && !draft.postOnly ? REFUSALS.entryDisabled : undefined;
}

function amounts({ draft, product }: Asked): Refusal | undefined {
  const { baseSize, quoteSize, limitPrice } = draft;
  if (baseSize !== null && baseSize <= 0n) return REFUSALS.baseTooSmall;
  if (quoteSize !== null && quoteSize <= 0n) return REFUSALS.quoteTooSmall;
  if (limitPrice !== null && limitPrice <= 0n) return REFUSALS.price;
  if (limitPrice !== null && !isMultiple(limitPrice, product.priceStep)) {
    return REFUSALS.pricePrecision;
  }
  if (baseSize !== null && !isMultiple(baseSize, product.baseStep)) return REFUSALS.sizePrecision;
  return quoteSize !== null && !isMultiple(quoteSize, product.quoteStep)
    ? REFUSALS.sizePrecision
    : undefined;
}

/** `quote_min_size` also bounds base size times price. */
function bounds({ draft, product, book, side }: Asked): Refusal | undefined {
  const { baseSize, quoteSize, limitPrice } = draft;
  if (baseSize !== null) {
    if (baseSize < product.baseMin) return REFUSALS.baseTooSmall;
    if (baseSize > product.baseMax) return REFUSALS.baseTooLarge;
  }
  const at = limitPrice ?? opposite(book, side)[0]?.price;
  const worth =
    quoteSize ?? (baseSize !== null && at !== undefined ? notional(at, baseSize) : null);
  if (worth === null) return undefined;
  if (worth < product.quoteMin) return REFUSALS.quoteTooSmall;
  return worth > product.quoteMax ? REFUSALS.quoteTooLarge : undefined;
}

function terms({ draft, side, book, now }: Asked): Refusal | undefined {
  if (draft.endsAt !== null && draft.endsAt <= now) return REFUSALS.endPast;
  const best = opposite(book, side)[0];
  const crosses = best !== undefined && reaches(side, draft.limitPrice, best.price);
  return draft.postOnly && crosses ? REFUSALS.postOnly : undefined;
}

/** A BUY holds value and the taker's fee, whatever role it will have; a SELL holds base. */
function holdOf({ draft, side, taker }: Asked, plan: Plan): bigint {
  if (side === "SELL") return draft.baseSize ?? plan.size;
  if (draft.quoteSize !== null) return draft.quoteSize;
  if (draft.limitPrice === null || draft.baseSize === null) return withFee(plan.value, taker);
  return buyHold(draft.limitPrice, draft.baseSize, taker);
}

export const buyHold = (limit: Price, size: NonNullable<Draft["baseSize"]>, taker: Rate): Quote =>
  withFee(notional(limit, size), taker);

const withFee = (value: Quote, taker: Rate): Quote => plus(value, times(value, taker));
