/** Closed bars from before now: from candles when the venue has that bar length, from recent trades when it has not. */
// A fault ends the reading with what was read; the bars given are always contiguous and oldest first.
import type { ProductId } from "../../core/kernel/ids.ts";
import { least, most, plus } from "../../core/kernel/money.ts";
import { instant } from "../../core/kernel/time.ts";
import { type Bar, flatAfter } from "../../core/market/candles.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Http } from "./call.ts";
import { faultText } from "./fault.ts";
import { readCandle, reading, readTrade, type TradeRead } from "./read.ts";
import { candles, GRANULARITY, MOST_CANDLES } from "./rest/candles.ts";
import { MOST_TRADES, recentTrades } from "./rest/recent-trades.ts";

export interface HistoryAsk {
  readonly product: ProductId;
  readonly barMs: number;
  readonly count: number;
  readonly access: "public" | "signed";
}

interface World {
  readonly http: Http;
  readonly clock: Clock;
  readonly log: Log;
}

/** Calls for one history: enough for 10,000 candles or 20,000 trades. */
const MOST_CALLS = { candles: 34, trades: 20 };

/** Never throws. */
export async function barsBefore(ask: HistoryAsk, world: World): Promise<readonly Bar[]> {
  if (ask.count <= 0 || ask.barMs <= 0) return [];
  const end = Math.floor(world.clock.now() / ask.barMs) * ask.barMs;
  const first = Math.max(0, end - ask.count * ask.barMs);
  const granularity = GRANULARITY.get(ask.barMs);
  return granularity === undefined
    ? fromTrades(ask, { first, end }, world)
    : fromCandles(ask, granularity, { first, end }, world);
}

/** `first` is the start of the first bar wanted, `end` the end of the last closed one; both in ms. */
interface Span {
  readonly first: number;
  readonly end: number;
}

async function fromCandles(
  ask: HistoryAsk,
  granularity: string,
  { first, end }: Span,
  { http, log }: World,
): Promise<readonly Bar[]> {
  const byStart = new Map<number, Bar>();
  let to = end - ask.barMs;
  for (let calls = 0; calls < MOST_CALLS.candles && to >= first; calls += 1) {
    const from = Math.max(first, to - (MOST_CANDLES - 1) * ask.barMs);
    const { product, access } = ask;
    const span = { fromS: from / 1000, toS: to / 1000 };
    const reply = await candles(http, { product, granularity, access, ...span });
    if (!reply.ok) {
      log.warn("candles could not be read", { product, cause: faultText(reply.error) });
      break;
    }
    const bars = reading(() => reply.value.map(readCandle));
    if (!bars.ok) {
      log.warn("candles could not be understood", { product, cause: bars.error });
      break;
    }
    const inside = bars.value.filter(
      (bar) => bar.start >= from && bar.start <= to && bar.start % ask.barMs === 0,
    );
    if (inside.length === 0) break;
    for (const bar of inside) byStart.set(bar.start, bar);
    to = from - ask.barMs;
  }
  const ascending = [...byStart.values()].sort((a, b) => a.start - b.start);
  return carried(ascending, ask.barMs, null);
}

async function fromTrades(
  ask: HistoryAsk,
  { first, end }: Span,
  { http, log }: World,
): Promise<readonly Bar[]> {
  const { product, access } = ask;
  const byId = new Map<string, TradeRead>();
  const fromS = Math.floor(first / 1000);
  let toS = Math.ceil(end / 1000);
  let complete = false;
  for (let calls = 0; calls < MOST_CALLS.trades && !complete; calls += 1) {
    const reply = await recentTrades(http, { product, access, fromS, toS });
    if (!reply.ok) {
      log.warn("recent trades could not be read", { product, cause: faultText(reply.error) });
      break;
    }
    const trades = reading(() => reply.value.map(readTrade));
    if (!trades.ok) {
      log.warn("recent trades could not be understood", { product, cause: trades.error });
      break;
    }
    const before = byId.size;
    for (const trade of trades.value) byId.set(trade.tradeId, trade);
    const oldest = Math.min(...trades.value.map((trade) => trade.time));
    complete = trades.value.length < MOST_TRADES || oldest < first;
    if (byId.size === before) break;
    /** The second of the oldest trade is asked again: it may have been cut in the middle. */
    toS = Math.min(toS, Math.floor(oldest / 1000) + 1);
  }
  const trades = [...byId.values()].filter((trade) => trade.time < end).sort(oldestFirst);
  const bars = barsOf(trades, ask.barMs).filter((bar) => bar.start >= first);
  /** Cut off by a limit or a fault, the oldest bar has lost trades. */
  return carried(complete ? bars : bars.slice(1), ask.barMs, end);
}

/** Ids are decimal integers that rise; they settle the order within a millisecond. */
function oldestFirst(a: TradeRead, b: TradeRead): number {
  if (a.time !== b.time) return a.time - b.time;
  const lengths = a.tradeId.length - b.tradeId.length;
  return lengths !== 0 ? lengths : a.tradeId < b.tradeId ? -1 : 1;
}

function barsOf(trades: readonly TradeRead[], barMs: number): readonly Bar[] {
  const bars: Bar[] = [];
  for (const trade of trades) {
    const start = instant(Math.floor(trade.time / barMs) * barMs);
    const last = bars.at(-1);
    if (last?.start === start) {
      bars[bars.length - 1] = {
        start,
        open: last.open,
        high: most(last.high, trade.price),
        low: least(last.low, trade.price),
        close: trade.price,
        volume: plus(last.volume, trade.size),
      };
    } else {
      const { price } = trade;
      bars.push({ start, open: price, high: price, low: price, close: price, volume: trade.size });
    }
  }
  return bars;
}

/**
 * Stretches without trades become flat bars at the close before them, between two bars and, when `end` is given, after the
 * last one. Candles give no `end`: their newest bucket may only be late.
 */
function carried(bars: readonly Bar[], barMs: number, end: number | null): readonly Bar[] {
  const out: Bar[] = [];
  const fillTo = (limit: number): void => {
    for (let last = out.at(-1); last && last.start + barMs < limit; last = out.at(-1)) {
      out.push(flatAfter(last, instant(last.start + barMs)));
    }
  };
  for (const bar of bars) {
    fillTo(bar.start);
    out.push(bar);
  }
  if (end !== null) fillTo(end);
  return out;
}
