/** What we believe of one product's price, how old that belief is, and the bars it made. Volatile: gone with the process. */
import {
  least,
  minus,
  most,
  NO_SIZE,
  type Price,
  plus,
  type Rate,
  ratio,
  type Size,
} from "../kernel/money.ts";
import { type Instant, instant } from "../kernel/time.ts";
import type { Bar } from "./candles.ts";
import type { Depth } from "./depth.ts";

/** Closed bars kept for strategies. */
export const BARS_KEPT = 600;
/** A bar is closed by the clock this long after its end, for trades still under way. */
const GRACE_MS = 250;

export interface TopOfBook {
  readonly bid: Price;
  readonly ask: Price;
  readonly bidSize: Size;
  readonly askSize: Size;
  readonly at: Instant;
}

export interface MarketView {
  quote: TopOfBook | null;
  depth: (Depth & { readonly at: Instant }) | null;
  lastTrade: Price | null;
  readonly bars: Bar[];
  forming: Bar | null;
  /** Trades that came after their bar had closed; dropped, because a closed bar never changes. */
  lateTrades: number;
}

export const newView = (): MarketView => ({
  quote: null,
  depth: null,
  lastTrade: null,
  bars: [],
  forming: null,
  lateTrades: 0,
});

/** The price halfway between bid and ask, rounded down to 1e-18. */
export const middle = (quote: Pick<TopOfBook, "bid" | "ask">): Price =>
  ((plus(quote.bid, quote.ask) as bigint) / 2n) as Price;
export const spread = (quote: Pick<TopOfBook, "bid" | "ask">): Rate =>
  ratio(minus(quote.ask, quote.bid), middle(quote));

/** Puts bars from before we listened in front; ignored once bars of our own exist. */
export function addHistory(view: MarketView, bars: readonly Bar[]): void {
  const first = view.bars[0]?.start ?? view.forming?.start ?? Number.POSITIVE_INFINITY;
  view.bars.unshift(...bars.filter((bar) => bar.start < first).slice(-BARS_KEPT));
}

/** Adds a trade; returns the bars that it closed, oldest first. */
export function addTrade(
  view: MarketView,
  trade: { readonly price: Price; readonly size: Size; readonly time: Instant },
  barMs: number,
): readonly Bar[] {
  const start = instant(trade.time - (trade.time % barMs));
  const lastClosed = view.bars.at(-1)?.start ?? -1;
  if (start <= lastClosed || (view.forming && start < view.forming.start)) {
    view.lateTrades += 1;
    return [];
  }
  view.lastTrade = trade.price;
  const closed = view.forming && start > view.forming.start ? closeUntil(view, start, barMs) : [];
  const bar = view.forming;
  view.forming = bar
    ? {
        ...bar,
        high: most(bar.high, trade.price),
        low: least(bar.low, trade.price),
        close: trade.price,
        volume: plus(bar.volume, trade.size),
      }
    : {
        start,
        open: trade.price,
        high: trade.price,
        low: trade.price,
        close: trade.price,
        volume: trade.size,
      };
  return closed;
}

/** Closes what the clock says is over; empty stretches become flat bars without volume. */
export function closeByClock(view: MarketView, at: Instant, barMs: number): readonly Bar[] {
  const grace = Math.min(GRACE_MS, barMs / 4);
  const now = instant(Math.max(0, at - grace));
  const start = instant(now - (now % barMs));
  return view.forming && start > view.forming.start ? closeUntil(view, start, barMs) : [];
}

function closeUntil(view: MarketView, start: Instant, barMs: number): readonly Bar[] {
  const closed: Bar[] = [];
  let bar = view.forming;
  const first = start - BARS_KEPT * barMs;
  // After a long sleep only the stretch that is kept is filled.
  if (bar && bar.start < first) bar = { ...flat(bar, instant(first - (first % barMs))) };
  while (bar && bar.start < start) {
    closed.push(bar);
    const next = instant(bar.start + barMs);
    bar = next < start ? flat(bar, next) : null;
  }
  view.forming = null;
  view.bars.push(...closed);
  if (view.bars.length > BARS_KEPT) view.bars.splice(0, view.bars.length - BARS_KEPT);
  return closed;
}

const flat = (after: Bar, start: Instant): Bar => ({
  start,
  open: after.close,
  high: after.close,
  low: after.close,
  close: after.close,
  volume: NO_SIZE,
});
