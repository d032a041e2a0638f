/** Books, candles and market trades as REST shows them. */
// Prices and sizes as short texts; the newest candle or trade first is the caller's business.
import { ceilTo, decimal, floorTo, type Price, plus } from "../../core/kernel/money.ts";
import type { Book, Level } from "../market/synthetic-book.ts";
import type { Bucket, Trade } from "../market/tape.ts";
import { micros } from "./time.ts";

export interface Text {
  readonly [key: string]: string;
}

const levelBody = ({ price, size }: Level): Text => ({
  price: decimal(price),
  size: decimal(size),
});

export const pricebook = (
  productId: string,
  book: Book,
  { limit, at }: { readonly limit: number; readonly at: number },
): Record<string, unknown> => ({
  product_id: productId,
  bids: book.bids.slice(0, limit).map(levelBody),
  asks: book.asks.slice(0, limit).map(levelBody),
  time: micros(at),
});

/** The book on coarser prices: bids go down to them, asks up. */
export function gathered({ bids, asks }: Book, increment: Price): Book {
  const gather = (levels: readonly Level[], onto: (price: Price) => Price): Level[] => {
    const coarse: Level[] = [];
    for (const { price, size } of levels) {
      const last = coarse.at(-1);
      if (last?.price === onto(price)) last.size = plus(last.size, size);
      else coarse.push({ price: onto(price), size });
    }
    return coarse;
  };
  return {
    bids: gather(bids, (price) => floorTo(price, increment)),
    asks: gather(asks, (price) => ceilTo(price, increment)),
  };
}

export const candleBody = (bucket: Bucket): Text => ({
  start: String(bucket.start),
  low: decimal(bucket.low),
  high: decimal(bucket.high),
  open: decimal(bucket.open),
  close: decimal(bucket.close),
  volume: decimal(bucket.volume),
});

export const tradeBody = (productId: string, trade: Trade): Text => ({
  trade_id: trade.id,
  product_id: productId,
  price: decimal(trade.price),
  size: decimal(trade.size),
  time: micros(trade.at),
  side: trade.side,
  bid: "",
  ask: "",
  exchange: "coinbase",
});
