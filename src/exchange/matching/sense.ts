/** Checks of orders that wait: stops, brackets, parts over time. Do their prices make sense now? */
// The last trade decides about stops, as it will when they trigger.
import {
  isMultiple,
  notional,
  type Price,
  type Quote,
  type Size,
} from "../../core/kernel/money.ts";
import type { Order } from "../ledger-events.ts";
import type { Read } from "./asked.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import { opposite } from "./walk.ts";

/** A part of a TWAP order trades at least every second. */
const SHORTEST_PART_MS = 1000;

/** A stop stands on the far side of the last trade, its limit not before it. */
export const stopSense = ({ draft, side, last }: Read): Refusal | undefined =>
  stopRefusal({ ...draft, side }, last);

export function stopRefusal(
  { type, side, stop, limitPrice }: Pick<Order, "type" | "side" | "stop" | "limitPrice">,
  last: Price,
): Refusal | undefined {
  if (stop === null || limitPrice === null) return undefined;
  if (last === 0n) return REFUSALS.noTrades;
  if (type.startsWith("trigger_bracket")) return bracketPrices(stop.price, limitPrice, last);
  if (stop.up && stop.price <= last) return REFUSALS.stopBelowLast;
  if (!stop.up && stop.price >= last) return REFUSALS.stopAboveLast;
  if (side === "BUY" && stop.up && stop.price > limitPrice) return REFUSALS.stopAboveLimit;
  if (side === "SELL" && !stop.up && stop.price < limitPrice) return REFUSALS.stopBelowLimit;
  return undefined;
}

function bracketPrices(stop: Price, limit: Price, last: Price): Refusal | undefined {
  if (limit <= stop) return REFUSALS.bracketPrices;
  if (limit <= last) return REFUSALS.bracketLimit;
  return stop >= last ? REFUSALS.bracketStop : undefined;
}

/** An attached bracket lies around the price at which its order is expected to buy. */
export function attachedSense({ draft, side, book, product }: Read): Refusal | undefined {
  const { attached } = draft;
  if (attached === null) return undefined;
  if (!isMultiple(attached.limitPrice, product.priceStep)) return REFUSALS.attachedTakePrecision;
  if (!isMultiple(attached.stopPrice, product.priceStep)) return REFUSALS.attachedStopPrecision;
  const entry = draft.limitPrice ?? opposite(book, side)[0]?.price;
  if (entry === undefined) return REFUSALS.noLiquidity;
  if (attached.limitPrice <= entry) return REFUSALS.attachedTake;
  return attached.stopPrice >= entry ? REFUSALS.attachedStop : undefined;
}

/** Each part of a TWAP order is an order large enough for itself. */
export function partsSense({ draft, product }: Read): Refusal | undefined {
  const { slices, baseSize, quoteSize, limitPrice } = draft;
  if (slices === null || limitPrice === null) return undefined;
  if (slices.everyMs < SHORTEST_PART_MS) return REFUSALS.durationTooSmall;
  const parts = BigInt(slices.count);
  const size = baseSize === null ? null : ((baseSize / parts) as Size);
  if (size !== null && size < product.baseMin) return REFUSALS.bucketBelowBase;
  const worth = size === null ? (((quoteSize ?? 0n) / parts) as Quote) : notional(limitPrice, size);
  return worth < product.quoteMin ? REFUSALS.bucketBelowQuote : undefined;
}
