/** From rows of the market channels to the domain, beside read.ts: trades in order, five-minute buckets. */
import type { Bar } from "../../core/market/candles.ts";
import { readCandle, reading, readTrade, type TradeRead } from "./read.ts";
import type { BucketWire, TradeWire } from "./wire.ts";

/** @throws RangeError when an amount or the start is not one */
export const readBucket = (wire: BucketWire): Bar => readCandle(wire);

/** The wire has the newest first. Trades of one millisecond keep their order of the wire, turned round. */
export function oldestFirst(
  rows: readonly TradeWire[],
  reject: (why: string) => void,
): readonly { readonly wireId: string; readonly trade: TradeRead }[] {
  const read: { wireId: string; trade: TradeRead }[] = [];
  for (const row of rows) {
    const trade = reading(() => readTrade(row));
    if (trade.ok) read.push({ wireId: row.product_id, trade: trade.value });
    else reject(trade.error);
  }
  return read.reverse().sort((a, b) => a.trade.time - b.trade.time);
}
