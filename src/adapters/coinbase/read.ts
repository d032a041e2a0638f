/** From wire to domain: here, and nowhere else in this adapter, strings become prices, sizes and moments. */
// Every reader throws RangeError on what is not an amount or a moment; `reading` turns that into a value at the door.
import type { Balance } from "../../core/engine/input.ts";
import { orderId, type ProductId, productId, venueOrderId } from "../../core/kernel/ids.ts";
import {
  NO_QUOTE,
  NO_SIZE,
  notional,
  type Price,
  plus,
  price,
  quote,
  type Rate,
  rate,
  type Size,
  size,
} from "../../core/kernel/money.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import { type Instant, instant } from "../../core/kernel/time.ts";
import type { Bar } from "../../core/market/candles.ts";
import type { Product } from "../../core/market/product.ts";
import type { Observation } from "../../core/order/state.ts";
import type { AccountWire } from "./rest/accounts.ts";
import type { CandleWire } from "./rest/candles.ts";
import type { FeeRatesWire } from "./rest/fee-rates.ts";
import type { ProductWire } from "./rest/products.ts";
import type { OrderWire, TickerWire, TradeWire } from "./wire.ts";

/** Runs a reader; what it could not read comes back as text. Anything but a RangeError is a bug and passes through. */
export function reading<T>(read: () => T): Result<T, string> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof RangeError) return fail(error.message);
    throw error;
  }
}

/** @throws RangeError for anything that is not an RFC 3339 moment since 1970. Digits below a millisecond are dropped. */
export function moment(text: string): Instant {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text);
  if (!match) throw new RangeError(`not a moment: ${JSON.stringify(text.slice(0, 40))}`);
  return instant(Date.parse(`${match[1]}.${(match[2] ?? "").slice(0, 3).padEnd(3, "0")}Z`));
}

export interface QuoteRead {
  readonly bid: Price;
  readonly ask: Price;
  readonly bidSize: Size;
  readonly askSize: Size;
}

/** Null while a side of the book is empty. */
export function readQuote(wire: TickerWire): QuoteRead | null {
  if (wire.best_bid === null || wire.best_ask === null) return null;
  const bid = price(wire.best_bid);
  const ask = price(wire.best_ask);
  if (bid <= 0n || ask <= 0n) return null;
  return {
    bid,
    ask,
    bidSize: wire.best_bid_quantity === null ? NO_SIZE : size(wire.best_bid_quantity),
    askSize: wire.best_ask_quantity === null ? NO_SIZE : size(wire.best_ask_quantity),
  };
}

export interface TradeRead {
  readonly tradeId: string;
  readonly price: Price;
  readonly size: Size;
  readonly time: Instant;
}

export function readTrade(wire: TradeWire): TradeRead {
  const at = price(wire.price);
  if (at <= 0n) throw new RangeError("a trade has a price above zero");
  const of = size(wire.size);
  if (of <= 0n) throw new RangeError("a trade has a size above zero");
  return { tradeId: wire.trade_id, price: at, size: of, time: moment(wire.time) };
}

/** @throws RangeError also for a bar that no trades can make */
export function readCandle(wire: CandleWire): Bar {
  const bar: Bar = {
    start: instant(wire.start * 1000),
    open: price(wire.open),
    high: price(wire.high),
    low: price(wire.low),
    close: price(wire.close),
    volume: size(clipped(wire.volume)),
  };
  const { open, high, low, close, volume } = bar;
  if (low <= 0n) throw new RangeError("a candle has prices above zero");
  if ([open, close, low].some((one) => one > high) || open < low || close < low) {
    throw new RangeError("a candle opens and closes between its low and its high");
  }
  if (volume < 0n) throw new RangeError("a candle has no volume below zero");
  return bar;
}

export function readProduct(wire: ProductWire): Product {
  const needed = (what: string, text: string | null): string => {
    if (text === null) throw new RangeError(`${wire.id} has no ${what}`);
    return text;
  };
  const product: Product = {
    id: wire.id,
    priceStep: price(needed("price step", wire.priceStep ?? wire.quoteStep)),
    sizeStep: size(needed("size step", wire.sizeStep)),
    minSize: size(needed("smallest size", wire.minSize)),
    maxSize: size(needed("largest size", wire.maxSize)),
    minNotional: quote(needed("smallest worth", wire.minNotional)),
    maxNotional: quote(needed("largest worth", wire.maxNotional)),
    closed: wire.closed,
  };
  if (product.priceStep <= 0n || product.sizeStep <= 0n) {
    throw new RangeError(`${wire.id} has a step of zero`);
  }
  return product;
}

export function readRates(wire: FeeRatesWire): { readonly taker: Rate; readonly maker: Rate } {
  return { taker: rate(wire.taker), maker: rate(wire.maker) };
}

/**
 * One row per currency; rows that hold nothing are left out, unless their currency is among `always`. An odd row of any
 * other currency is told to `odd` and left out.
 * @throws RangeError for an odd row of a currency among `always`: our own cash must not look like none
 */
export function readBalances(
  wires: readonly AccountWire[],
  always: ReadonlySet<string>,
  odd: (why: string) => void,
): readonly Balance[] {
  const byCurrency = new Map<string, Balance>();
  for (const { currency, available, hold } of wires) {
    const before = byCurrency.get(currency);
    const read = reading(() => ({
      currency,
      available: plus(before?.available ?? NO_SIZE, size(clipped(available))),
      hold: plus(before?.hold ?? NO_SIZE, size(clipped(hold))),
    }));
    if (read.ok) byCurrency.set(currency, read.value);
    else if (always.has(currency)) throw new RangeError(`the ${currency} account: ${read.error}`);
    else odd(`the ${currency} account: ${read.error}`);
  }
  return [...byCurrency.values()].filter(
    (row) => row.available !== 0n || row.hold !== 0n || always.has(row.currency),
  );
}

const amountOf = (text: string | null): Size => (text === null ? NO_SIZE : size(clipped(text)));

/** Cuts places below 1e-18: an execution is worth reading even when its last digits are not. */
const clipped = (text: string): string => text.replace(/(\.\d{18})\d+$/, "$1");

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

/**
 * What the venue says of one of our orders. A status it has never used before reads as pending, with its word as detail:
 * look again later.
 * @throws RangeError also when the client id is not one of ours in shape
 */
export function readObservation(wire: OrderWire, source: Observation["source"]): Observation {
  const known = PROGRESS[wire.status];
  const moving = known === "pending" || known === "open";
  return {
    order: orderId(wire.clientId ?? ""),
    venueId: venueOrderId(wire.orderId),
    progress: moving && wire.pendingCancel ? "cancelling" : (known ?? "pending"),
    executed: readExecuted(wire),
    detail: known ? detailOf(wire) : `status ${wire.status.slice(0, 60)}`,
    source,
  };
}

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

/** A product id of the wire, or null when it is not one. */
export function readProductId(text: string): ProductId | null {
  const read = reading(() => productId(text));
  return read.ok ? read.value : null;
}
