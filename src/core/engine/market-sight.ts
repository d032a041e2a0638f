/** What people may see of the markets: spread, depth, the cost of an entry, volumes, and whether bars are whole. */
import type { ProductId } from "../kernel/ids.ts";
import { asBps, type Quote, type Size, sizeOf } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Level } from "../market/book.ts";
import { estimate, worthOfTop } from "../market/depth.ts";
import { isLive } from "../market/series.ts";
import { rangeOf, volumeOf } from "../market/tape.ts";
import { type MarketView, middle, spread } from "../market/view.ts";
import type { State } from "./state.ts";
import type { CostView, MarketSight } from "./views.ts";

export const marketSights = ({ sight, settings }: State, at: Instant): readonly MarketSight[] =>
  [...sight.markets].map(([product, market]) => sightOf(product, market, settings.orderQuote, at));

function sightOf(product: ProductId, market: MarketView, entry: Quote, at: Instant): MarketSight {
  const { quote, depth, heardAt, tape } = market;
  const priced = quote !== null && quote.bid > 0n;
  return {
    product,
    bid: quote?.bid ?? null,
    ask: quote?.ask ?? null,
    mid: quote && middle(quote),
    spreadBps: priced ? asBps(spread(quote)) : null,
    ageMs: heardAt === null ? null : at - heardAt,
    depth: depth && { top1: worth(depth, 1), top10: worth(depth, 10) },
    buying: depth && costOf(depth.asks, entry),
    selling: depth && costOf(depth.bids, entry),
    volume: { oneMinute: volume(market, at, 60), fiveMinutes: volume(market, at, 300) },
    range: rangeOf(tape, at),
    bars: { count: market.bars.length, whole: isLive(market) },
  };
}

const worth = (
  { bids, asks }: { readonly bids: readonly Level[]; readonly asks: readonly Level[] },
  levels: number,
) => ({ bids: worthOfTop(bids, levels), asks: worthOfTop(asks, levels) });

function costOf(levels: readonly Level[], entry: Quote): CostView | null {
  const best = levels[0];
  if (!best || best.price <= 0n) return null;
  const wanted = sizeOf(entry, best.price);
  const found = estimate(levels, wanted);
  if (!found) return null;
  const { average, slippage, filled } = found;
  return { average, slippageBps: asBps(slippage), whole: filled === wanted };
}

function volume({ tape, wholeFrom }: MarketView, at: Instant, seconds: number): Size | null {
  const known = wholeFrom !== null && wholeFrom <= at - seconds * 1000;
  return known ? volumeOf(tape, at, seconds) : null;
}
