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
  type Size,
  times,
} from "../../core/kernel/money.ts";
import type { Side } from "../ledger-events.ts";
import type { Book } from "../market/synthetic-book.ts";
import type { Asked, Read } from "./asked.ts";
import { type Draft, draftOf } from "./configuration.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import { attachedSense, partsSense, stopSense } from "./sense.ts";
import { opposite, type Plan, reaches, walk } from "./walk.ts";

/** An order that may be placed, with what it would take at once and what it has to hold. */
export interface Checked {
  readonly draft: Draft;
  readonly plan: Plan;
  /** Quote currency for a BUY, base for a SELL. */
  readonly hold: bigint;
}

export function check(asked: Asked): Checked | Refusal {
  const halted = flags(asked);
  if (halted !== undefined) return halted;
  const draft = draftOf(asked.order, asked);
  if ("error" in draft) return draft;
  const read = { ...asked, draft, side: asked.order.side };
  const refusal = amounts(read) ?? bounds(read) ?? partsSense(read) ?? terms(read);
  const nonsense = refusal ?? stopSense(read) ?? attachedSense(read);
  if (nonsense !== undefined) return nonsense;
  const plan = planOf(read);
  if (draft.limitPrice === null && plan.takes.length === 0) return REFUSALS.noLiquidity;
  if (draft.type === "limit_limit_fok" && !plan.whole && asked.doubts.fok === "refuse") {
    return REFUSALS.noLiquidity;
  }
  const hold = holdOf(read, plan);
  if (asked.available === null) return REFUSALS.noAccount;
  return hold > asked.available ? REFUSALS.funds : { draft, plan, hold };
}

/** What it would take now; nothing while it waits for its stop or its first part. */
function planOf({ draft, side, book }: Read): Plan {
  const wish = { side, size: draft.baseSize, net: draft.net, limit: draft.limitPrice };
  const waits = draft.stop !== null || draft.slices !== null;
  return walk(waits ? { bids: [], asks: [] } : book, wish);
}

function flags({ product, order }: Asked): Refusal | undefined {
  const is = product.flags;
  if (is.view_only) return REFUSALS.viewOnly;
  if (is.trading_disabled || is.is_disabled || is.status !== "online") return REFUSALS.disabled;
  if (is.cancel_only || is.auction_mode) return REFUSALS.entryDisabled;
  if (is.limit_only && order.key.startsWith("market_")) return REFUSALS.entryDisabled;
  return is.post_only && order.fields["post_only"] !== true ? REFUSALS.entryDisabled : undefined;
}

function amounts({ draft, product }: Read): Refusal | undefined {
  const { baseSize, quoteSize, limitPrice, stop } = draft;
  if (baseSize !== null && baseSize <= 0n) return REFUSALS.baseTooSmall;
  if (quoteSize !== null && quoteSize <= 0n) return REFUSALS.quoteTooSmall;
  if (limitPrice !== null && limitPrice <= 0n) return REFUSALS.price;
  const bracket = draft.type.startsWith("trigger_bracket");
  if (limitPrice !== null && !isMultiple(limitPrice, product.priceStep)) {
    return bracket ? REFUSALS.bracketLimitPrecision : REFUSALS.pricePrecision;
  }
  if (stop !== null && !isMultiple(stop.price, product.priceStep)) {
    return bracket ? REFUSALS.bracketStopPrecision : REFUSALS.stopPrecision;
  }
  if (baseSize !== null && !isMultiple(baseSize, product.baseStep)) return REFUSALS.sizePrecision;
  return quoteSize !== null && !isMultiple(quoteSize, product.quoteStep)
    ? REFUSALS.quotePrecision
    : undefined;
}

/** `quote_min_size` also bounds base size times price. */
function bounds({ draft, product, book, side }: Read): Refusal | undefined {
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

function terms({ draft, side, book, now, doubts }: Read): Refusal | undefined {
  if (draft.endsAt !== null && draft.endsAt <= now) return REFUSALS.endPast;
  const crosses = wouldTake(draft, side, book);
  return crosses && doubts.postOnly === "refuse" ? REFUSALS.postOnly : undefined;
}

/** Is it a post-only order that would trade at once? */
export function wouldTake(
  order: Pick<Draft, "postOnly" | "limitPrice">,
  side: Side,
  book: Book,
): boolean {
  const best = opposite(book, side)[0];
  return order.postOnly && best !== undefined && reaches(side, order.limitPrice, best.price);
}

/** A BUY holds value and the taker's fee, whatever role it will have; a SELL holds base. */
function holdOf({ draft, side, taker }: Read, plan: Plan): bigint {
  if (side === "SELL") return draft.baseSize ?? plan.size;
  if (draft.quoteSize !== null) return draft.quoteSize;
  if (draft.limitPrice === null || draft.baseSize === null) return withFee(plan.value, taker);
  return buyHold(draft.limitPrice, draft.baseSize, taker);
}

export const buyHold = (limit: Price, size: Size, taker: Rate): Quote =>
  withFee(notional(limit, size), taker);

export const withFee = (value: Quote, taker: Rate): Quote => plus(value, times(value, taker));
