/** What is known of an order after one more statement about it. Merging takes the further of each component, never less. */

import type { ProductId } from "../kernel/ids.ts";
import {
  absolute,
  minus,
  most,
  NO_QUOTE,
  NO_SIZE,
  notional,
  plus,
  type Quote,
  type Size,
  sizeOf,
} from "../kernel/money.ts";
import {
  type Executed,
  type Observation,
  type Order,
  orderWorth,
  PROGRESS,
  type Progress,
  SUBMISSIONS,
  type Submission,
} from "./state.ts";

const FINAL: readonly Progress[] = ["expired", "failed", "cancelled", "filled"];
/** Submissions after which no order of ours can exist at the venue, unless the venue says otherwise. */
const NEVER_THERE: readonly Submission[] = ["released", "refused", "absent"];

export const isFinal = (progress: Progress): boolean => FINAL.includes(progress);
/** It was given up without a word of the venue that it ever had it. */
export const isGivenUp = ({
  submission,
  progress,
}: Pick<Order, "submission" | "progress">): boolean =>
  NEVER_THERE.includes(submission) && progress === "none";
/** True once it cannot execute any more, as far as anybody knows. */
export const isOver = (order: Order): boolean => isFinal(order.progress) || isGivenUp(order);
/** True once nothing more is expected of it, not even a trade. */
export const isDone = (order: Order): boolean =>
  order.settled || (isGivenUp(order) && order.executed.size === 0n);

const further = <T>(scale: readonly T[], a: T, b: T): T =>
  scale.indexOf(a) >= scale.indexOf(b) ? a : b;

/** Among final words `filled` is the furthest: a cancel that lost the race to a fill yields to it. */
export function mergeProgress(before: Progress, said: Progress): Progress {
  return further(PROGRESS, before, said);
}

export const mergeSubmission = (before: Submission, said: Submission): Submission =>
  further(SUBMISSIONS, before, said);

/** Execution only grows; a smaller total is an old statement. At the same size worth and fees may still come in. */
export function mergeExecuted(before: Executed, said: Executed): Executed {
  if (said.size < before.size) return before;
  return {
    size: said.size,
    value: most(before.value, said.value),
    fees: most(before.fees, said.fees),
  };
}

/** What trades add up to. */
export function sumOf(trades: Iterable<Executed>): Executed {
  let [size, value, fees] = [NO_SIZE, NO_QUOTE, NO_QUOTE];
  for (const trade of trades) {
    size = plus(size, trade.size);
    value = plus(value, trade.value);
    fees = plus(fees, trade.fees);
  }
  return { size, value, fees };
}

/** The trades take the place of what the venue says in sum, once they reach as far: they are never added to it. */
export function withTrades(executed: Executed, trades: Order["trades"]): Executed {
  if (trades.size === 0) return executed;
  const booked = sumOf(trades.values());
  return booked.size < executed.size ? executed : booked;
}

/** Base bought for a sum is a quotient, which the venue rounds in its own way: closer than this is the same. */
const ROUNDING = 10n ** 9n;

export const isSameSize = (a: Size, b: Size): boolean => absolute(minus(a, b)) <= ROUNDING;

/** An order for a sum is followed by what it spent; the base that it got is the venue's figure, rounded once. */
function spent(order: Order, said: Executed): Executed {
  const merged = mergeExecuted(order.executed, said);
  const booked = sumOf(order.trades.values());
  const isFurther = order.trades.size > 0 && plus(booked.value, ROUNDED) >= merged.value;
  const { size, value, fees } = isFurther ? booked : merged;
  const known = [order.executed.size, merged.size].find((each) => isSameSize(each, size));
  return { size: known ?? size, value, fees };
}
const ROUNDED = ROUNDING as Quote;

export function merge(order: Order, said: Observation): Order {
  const inBase = (): Executed =>
    withTrades(mergeExecuted(order.executed, said.executed), order.trades);
  return {
    ...order,
    submission: "acknowledged",
    venueId: order.venueId ?? said.venueId,
    progress: mergeProgress(order.progress, said.progress),
    executed: order.plan.spend === undefined ? inBase() : spent(order, said.executed),
  };
}

/** Base not yet executed of an order that may still execute; of an order for a sum about what the rest of it would buy. */
export function leaves(order: Order): Size {
  const { plan, executed } = order;
  if (isOver(order)) return NO_SIZE;
  if (plan.spend !== undefined) return sizeOf(worstCost(order), plan.reference);
  const size = most(plan.size, sameKind(order)?.size ?? NO_SIZE);
  return most(NO_SIZE, minus(size, executed.size));
}

/** The most a live buy can still cost, without fees: as it was planned, or as it stands at the venue where that is more. */
export function worstCost(order: Order): Quote {
  const { plan, executed } = order;
  if (isOver(order)) return NO_QUOTE;
  const { limit, spend } = sameKind(order) ?? {};
  const planned = plan.spend === undefined ? null : minus(plan.spend, executed.value);
  const sums = [planned, spend ? minus(spend, executed.value) : null].flatMap((sum) => sum ?? []);
  const priced =
    plan.spend === undefined
      ? notional(most(plan.limit, limit ?? plan.limit), leaves(order))
      : NO_QUOTE;
  return sums.reduce(most<Quote>, most(NO_QUOTE, priced));
}

/** What stands under its name, where that trades the same product on the same side. */
function sameKind({ plan, standing }: Order): Order["standing"] {
  const isSame = standing?.product === plan.product && standing.side === plan.side;
  return isSame ? standing : undefined;
}

/** A buy that stands under the name of an order that is none, or of another product: what it may cost. */
export function strayCost(
  order: Order,
): { readonly product: ProductId; readonly worth: Quote } | null {
  const { plan, standing } = order;
  if (standing?.side !== "buy" || isOver(order) || sameKind(order)) return null;
  const { product, size, limit, spend } = standing;
  const priced = size === null ? orderWorth(plan) : notional(limit ?? plan.limit, size);
  return { product, worth: spend ?? priced };
}
