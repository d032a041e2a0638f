/** The events of the market channels. */
// Only shapes are made here; who gets them is the feed's business.
import { decimal } from "../../core/kernel/money.ts";
import { seeded } from "../../core/kernel/random.ts";
import type { Product } from "../catalog.ts";
import type { LevelChange, Market } from "../market/market.ts";
import type { Bucket, Trade } from "../market/tape.ts";
import { candleBody } from "../serialise/book.ts";
import { percentChange } from "../serialise/product.ts";
import { goTime, micros } from "../serialise/time.ts";

export type EventType = "snapshot" | "update";

const SNAPSHOT_TRADES = 50;
const SNAPSHOT_CANDLES = 350;
const FIVE_MINUTES = 300;

export interface At {
  readonly market: Market;
  readonly now: number;
}

/** A ticker without the best prices, as the slow channel has it. */
export function slowTickerEvent(type: EventType, book: string, at: At): unknown {
  return { type, tickers: [tickerBody(book, at)] };
}

export function tickerEvent(type: EventType, book: string, at: At): unknown {
  const { bids, asks } = at.market.book(book);
  const best = {
    best_bid: decimal(bids[0]?.price ?? 0n),
    best_ask: decimal(asks[0]?.price ?? 0n),
    best_bid_quantity: decimal(bids[0]?.size ?? 0n),
    best_ask_quantity: decimal(asks[0]?.size ?? 0n),
  };
  return { type, tickers: [{ ...tickerBody(book, at), ...best }] };
}

function tickerBody(book: string, { market, now }: At): Record<string, string> {
  const day = market.tape(book).day(now);
  const last = market.last(book);
  const high = decimal(day?.high ?? last);
  const low = decimal(day?.low ?? last);
  return {
    type: "ticker",
    product_id: book,
    price: decimal(last),
    volume_24_h: decimal(day?.volume ?? 0n),
    low_24_h: low,
    high_24_h: high,
    low_52_w: low,
    high_52_w: high,
    price_percent_chg_24_h: percentChange(day, last),
  };
}

export const levelsEvent = (
  type: EventType,
  book: string,
  { levels, at }: { readonly levels: readonly LevelChange[]; readonly at: number },
): unknown => ({
  type,
  product_id: book,
  updates: levels.map(({ side, price, size }) => ({
    side,
    event_time: micros(at),
    price_level: decimal(price),
    new_quantity: decimal(size),
  })),
});

/** The whole book as changes from nothing, in no order and with the sides mixed. */
export function allLevels({ market }: At, book: string): LevelChange[] {
  const { bids, asks } = market.book(book);
  const levels: LevelChange[] = [
    ...asks.map(({ price, size }) => ({ side: "offer" as const, price, size })),
    ...bids.map(({ price, size }) => ({ side: "bid" as const, price, size })),
  ];
  const random = seeded(`${book}|${levels.length}`);
  const order = new Map(levels.map((level) => [level, random.next()]));
  return levels.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
}

/** Newest first. */
export const tradesEvent = (type: EventType, book: string, trades: readonly Trade[]): unknown => ({
  type,
  trades: trades
    .map((trade) => ({
      product_id: book,
      trade_id: trade.id,
      price: decimal(trade.price),
      size: decimal(trade.size),
      time: micros(trade.at),
      side: trade.side,
    }))
    .reverse(),
});

export const recentTrades = ({ market }: At, book: string): readonly Trade[] =>
  market.tape(book).trades.slice(-SNAPSHOT_TRADES);

/** Five-minute buckets, newest first. */
export function candlesEvent(type: EventType, book: string, { market, now }: At): unknown {
  const current = Math.floor(now / 1000 / FIVE_MINUTES) * FIVE_MINUTES;
  const most = type === "snapshot" ? SNAPSHOT_CANDLES : 2;
  const buckets: Bucket[] = market
    .tape(book)
    .candles(FIVE_MINUTES, current - (most - 1) * FIVE_MINUTES, current);
  const bodies = buckets.reverse().map((bucket) => ({ ...candleBody(bucket), product_id: book }));
  return { type, candles: bodies.slice(0, type === "snapshot" ? bodies.length : 1) };
}

/** Heartbeats count the seconds of the server process, not of the connection. */
export const heartbeatEvent = (now: number, upSeconds: number, numeric: boolean): unknown => ({
  current_time: goTime(now, upSeconds),
  heartbeat_counter: numeric ? upSeconds : String(upSeconds),
});

/** Products under their own names, aliases included. */
export const statusEvent = (type: EventType, products: readonly Product[]): unknown => ({
  type,
  products: products.map((product) => ({
    product_type: "SPOT",
    id: product.id,
    base_currency: product.base,
    quote_currency: product.quote,
    base_increment: decimal(product.baseStep),
    quote_increment: decimal(product.quoteStep),
    display_name: `${product.base}/${product.quote}`,
    status: product.flags.status,
    status_message: "",
    min_market_funds: decimal(product.quoteMin),
  })),
});
