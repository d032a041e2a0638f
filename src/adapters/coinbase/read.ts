/** From wire to domain: here, and nowhere else in this adapter, strings become prices, sizes and moments. */
// Every reader throws RangeError on what is not an amount or a moment; `reading` turns that into a value at the door.
import type { Balance } from "../../core/engine/input.ts";
import { type ProductId, productId } from "../../core/kernel/ids.ts";
import {
  NO_SIZE,
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
import type { AccountWire } from "./rest/accounts.ts";
import type { CandleWire } from "./rest/candles.ts";
import type { FeeRatesWire } from "./rest/fee-rates.ts";
import type { ProductWire } from "./rest/products.ts";
import type { TickerWire, TradeWire } from "./wire.ts";

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
    ...(wire.only === null ? {} : { only: wire.only }),
    ...(wire.quoteStep === null ? {} : { quoteStep: quote(wire.quoteStep) }),
  };
  if (product.quoteStep !== undefined && product.quoteStep <= 0n) {
    throw new RangeError(`${wire.id} has a step of zero`);
  }
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

/** Cuts places below 1e-18: an execution is worth reading even when its last digits are not. */
export const clipped = (text: string): string => text.replace(/(\.\d{18})\d+$/, "$1");

/** A product id of the wire, or null when it is not one. */
export function readProductId(text: string): ProductId | null {
  const read = reading(() => productId(text));
  return read.ok ? read.value : null;
}
