/** What we hold of one product, derived from fills and nothing else. Spot: never below zero. */
import type { ProductId } from "../kernel/ids.ts";
import {
  bps,
  least,
  minus,
  NO_QUOTE,
  NO_SIZE,
  notional,
  type Price,
  plus,
  priceOf,
  type Quote,
  type Size,
  times,
} from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Side } from "../order/state.ts";

export interface Position {
  readonly product: ProductId;
  readonly size: Size;
  /** What the size held cost, without fees. Average price is `cost / size`. */
  readonly cost: Quote;
  /** Profit realised since the position opened, before fees. */
  readonly realized: Quote;
  /** Fees paid since the position opened. */
  readonly fees: Quote;
  readonly openedAt: Instant;
  readonly strategy: string;
  /** Prices at which the desk sells all of it, or null. Measured from the average price. */
  readonly stop: Price | null;
  readonly take: Price | null;
}

export interface Execution {
  readonly product: ProductId;
  readonly side: Side;
  readonly size: Size;
  /** Quote, without the fee. */
  readonly value: Quote;
  readonly fee: Quote;
  readonly at: Instant;
  readonly strategy: string;
  readonly stopBps: number | null;
  readonly takeBps: number | null;
}

export interface AfterFill {
  /** Null when the fill closed it. */
  readonly position: Position | null;
  /** Profit of this fill before fees: zero for a buy. */
  readonly realized: Quote;
  /** Set when the fill closed the position: what it made in all, after fees. */
  readonly result: Quote | null;
  /** Base sold that we did not hold: zero unless the venue and we disagree. */
  readonly oversold: Size;
}

/**
 * The position after one fill. The average price moves only when the position grows; profit is realised only when it
 * shrinks. What is sold beyond what is held cost us nothing that we know of: `oversold` says so, and nothing is invented.
 */
export function afterFill(before: Position | null, fill: Execution): AfterFill {
  if (fill.side === "buy") {
    return { position: grown(before, fill), realized: NO_QUOTE, result: null, oversold: NO_SIZE };
  }
  if (!before) return { position: null, realized: NO_QUOTE, result: null, oversold: fill.size };
  const sold = least(fill.size, before.size);
  const oversold = minus(fill.size, sold);
  const left = minus(before.size, sold);
  const cost =
    left === 0n ? before.cost : ((((before.cost as bigint) * sold) / before.size) as Quote);
  const value =
    oversold === 0n ? fill.value : ((((fill.value as bigint) * sold) / fill.size) as Quote);
  const realized = minus(value, cost);
  const position: Position = {
    ...before,
    size: left,
    cost: minus(before.cost, cost),
    realized: plus(before.realized, realized),
    fees: plus(before.fees, fill.fee),
  };
  if (left > 0n) return { position, realized, result: null, oversold };
  return { position: null, realized, result: minus(position.realized, position.fees), oversold };
}

function grown(before: Position | null, fill: Execution): Position {
  const size = plus(before?.size ?? NO_SIZE, fill.size);
  const cost = plus(before?.cost ?? NO_QUOTE, fill.value);
  const average = priceOf(cost, size);
  return {
    product: fill.product,
    size,
    cost,
    realized: before?.realized ?? NO_QUOTE,
    fees: plus(before?.fees ?? NO_QUOTE, fill.fee),
    openedAt: before?.openedAt ?? fill.at,
    strategy: before?.strategy ?? fill.strategy,
    stop:
      fill.stopBps === null
        ? (before?.stop ?? null)
        : minus(average, times(average, bps(fill.stopBps))),
    take:
      fill.takeBps === null
        ? (before?.take ?? null)
        : plus(average, times(average, bps(fill.takeBps))),
  };
}

/** Worth or fees of an execution that came later than its size. */
export function afterCorrection(
  held: Position,
  { side, value, fee }: Pick<Execution, "side" | "value" | "fee">,
): Position {
  return {
    ...held,
    cost: side === "buy" ? plus(held.cost, value) : held.cost,
    realized: side === "sell" ? plus(held.realized, value) : held.realized,
    fees: plus(held.fees, fee),
  };
}

export const averagePrice = (held: Position): Price => priceOf(held.cost, held.size);
/** What selling everything at `mark` would realise, before fees. */
export const unrealized = (held: Position, mark: Price): Quote =>
  minus(notional(mark, held.size), held.cost);
