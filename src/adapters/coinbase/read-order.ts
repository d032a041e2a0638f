/** From the wire's order to what the venue says of it: how far it is, what it executed, and what was ordered. */
// coinbase.md §6.6. Throws RangeError on an amount that decides something; `reading` turns that into a value. What was
// ordered is read part by part: a part that is not told, or not of a shape that we place, is null and costs no row.
import type { ForeignOrder } from "../../core/engine/input.ts";
import { orderId, venueOrderId } from "../../core/kernel/ids.ts";
import {
  minus,
  most,
  NO_QUOTE,
  NO_SIZE,
  notional,
  price,
  type Quote,
  quote,
  type Size,
  size,
} from "../../core/kernel/money.ts";
import { isFinal } from "../../core/order/merge.ts";
import type { Observation, Side, Terms, TimeInForce } from "../../core/order/state.ts";
import { clipped, reading, readProductId } from "./read.ts";
import type { OrderWire } from "./wire.ts";

const PROGRESS: Readonly<Record<string, Observation["progress"]>> = {
  PENDING: "pending",
  QUEUED: "pending",
  OPEN: "open",
  EDIT_QUEUED: "open",
  CANCEL_QUEUED: "cancelling",
  FILLED: "filled",
  CANCELLED: "cancelled",
  EXPIRED: "expired",
  FAILED: "failed",
};
const SIDES: Readonly<Record<string, Side>> = { BUY: "buy", SELL: "sell" };
/** The configurations that we place. What rests until it is taken back has an end there only for a desk that is gone. */
const PLACED: Readonly<Record<string, TimeInForce>> = {
  sor_limit_ioc: "ioc",
  market_market_ioc: "ioc",
  limit_limit_gtc: "gtc",
  limit_limit_gtd: "gtc",
  twap_limit_gtd: "gtd",
};

/**
 * What the venue says of one of our orders. A status it has never used before reads as pending, with its word as detail:
 * look again later.
 * @throws RangeError also when the client id is not one of ours in shape
 */
export function readObservation(wire: OrderWire, source: Observation["source"]): Observation {
  const known = PROGRESS[wire.status];
  const moving = known === "pending" || known === "open";
  const count = countOf(wire.fills);
  const terms = readTerms(wire);
  return {
    order: orderId(wire.clientId ?? ""),
    venueId: venueOrderId(wire.orderId),
    progress: moving && wire.pendingCancel ? "cancelling" : (known ?? "pending"),
    executed: readExecuted(wire),
    detail: known ? detailOf(wire) : `status ${wire.status.slice(0, 60)}`,
    source,
    ...(count === null ? {} : { count }),
    ...(terms === null ? {} : { terms }),
  };
}

const amountOf = (text: string | null): Size => (text === null ? NO_SIZE : size(clipped(text)));

/**
 * `filled_value` when it is told, average price times size when it is not; both exclude fees.
 * @throws RangeError when something filled and neither is told: a fill that cost nothing would be believed
 */
function readExecuted(wire: OrderWire): Observation["executed"] {
  const filled = amountOf(wire.filledSize);
  if (filled < 0n) throw new RangeError("a filled size is not below zero");
  const average = wire.averagePrice === null ? null : price(clipped(wire.averagePrice));
  const told = wire.filledValue === null ? null : quote(clipped(wire.filledValue));
  const worth = average === null ? NO_QUOTE : notional(average, filled);
  const value = told === null || (told === 0n && filled > 0n) ? worth : told;
  if (filled > 0n && value <= 0n) throw new RangeError("what the execution was worth is not told");
  return {
    size: filled,
    value,
    fees: wire.totalFees === null ? NO_QUOTE : quote(clipped(wire.totalFees)),
  };
}

function detailOf(wire: OrderWire): string {
  if (wire.status === "FAILED") return (wire.rejectWord ?? wire.cancelWord ?? "").slice(0, 200);
  if (wire.status === "CANCELLED") return (wire.cancelWord ?? "").slice(0, 200);
  return "";
}

const countOf = (text: string | null): number | null =>
  text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;

/** An amount above zero, or null: what cannot be read was not told. */
function part<T extends bigint>(text: string | null | undefined, read: (text: string) => T) {
  if (text === null || text === undefined) return null;
  const amount = reading(() => read(clipped(text)));
  return amount.ok && amount.value > 0n ? amount.value : null;
}

/** Null where not even product and side are told. */
function readTerms({ product: text, side: word, ordered }: OrderWire): Terms | null {
  const product = readProductId(text);
  const side = SIDES[word ?? ""];
  if (product === null || side === undefined) return null;
  const spend = part(ordered?.quote, quote);
  return {
    product,
    side,
    size: part(ordered?.base, size),
    limit: part(ordered?.limit, price),
    timeInForce: PLACED[ordered?.type ?? ""] ?? null,
    ...(spend === null ? {} : { spend }),
  };
}

/** Somebody else's order; null when it names no spot product or has no id. */
export function readForeign(wire: OrderWire): ForeignOrder | null {
  const product = readProductId(wire.product);
  const id = reading(() => venueOrderId(wire.orderId));
  if (product === null || !id.ok) return null;
  const side = SIDES[wire.side ?? ""];
  const live = !isFinal(PROGRESS[wire.status] ?? "pending");
  return {
    venueId: id.value,
    product,
    clientId: wire.clientId ?? "",
    // A side that is not told is taken for the one that can cost.
    side: side ?? "buy",
    live,
    worth: live ? worthOf(wire, side) : NO_QUOTE,
  };
}

/** What is left of it at its limit, or of its quote size; null where neither is told, or the limit is not the worst price. */
function worthOf({ ordered, ...wire }: OrderWire, side: Side | undefined): Quote | null {
  if (ordered === null || side === undefined) return null;
  const executed = reading(() => readExecuted({ ordered, ...wire }));
  if (!executed.ok) return null;
  const whole = part(ordered.quote, quote);
  if (whole !== null) return most(NO_QUOTE, minus(whole, executed.value.value));
  const base = part(ordered.base, size);
  const limit = part(ordered.limit, price);
  // The stop of a bracket that buys goes beyond its limit.
  const isWorst = side === "sell" || !ordered.type.startsWith("trigger_bracket");
  if (base === null || limit === null || !isWorst) return null;
  return notional(limit, most(NO_SIZE, minus(base, executed.value.size)));
}
