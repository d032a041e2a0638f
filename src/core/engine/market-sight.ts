/** What people may see of the markets: spread, depth, the cost of an entry, volumes, and whether bars are whole. */
import type { ProductId } from "../kernel/ids.ts";
import { approximate, asBps, type Quote, type Size, sizeOf } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Level } from "../market/book.ts";
import { type Depth, estimate, worthOfTop } from "../market/depth.ts";
import { isLive } from "../market/series.ts";
import { rangeOf, volumeOf } from "../market/tape.ts";
import { type MarketView, middle, spread } from "../market/view.ts";
import { entryWorth, riskFactor } from "./entry-worth.ts";
import type { State } from "./state.ts";
import { venueTime } from "./venue-clock.ts";
import type { CostView, MarketSight } from "./views.ts";

/** An older book is not shown, unless a newer quote says that its top still stands. */
const BOOK_MS = 10_000;

export const marketSights = (state: State, at: Instant): readonly MarketSight[] =>
  [...state.sight.markets].map(([product, market]) => sightOf(state, product, market, at));

function sightOf(state: State, product: ProductId, market: MarketView, at: Instant): MarketSight {
  const { quote, heardAt, tape } = market;
  const depth = depthOf(market, at);
  const entry = entryWorth(state, product);
  const venueNow = venueTime(state, at);
  const priced = quote !== null && quote.bid > 0n;
  return {
    product,
    decision: state.sight.decisions.get(product) ?? null,
    entry,
    riskFactor: approximate(riskFactor(state, product)),
    bid: quote?.bid ?? null,
    ask: quote?.ask ?? null,
    mid: quote && middle(quote),
    spreadBps: priced ? asBps(spread(quote)) : null,
    ageMs: heardAt === null ? null : at - heardAt,
    depth: depth && { top1: worth(depth, 1), top10: worth(depth, 10) },
    buying: depth && entry && costOf(depth.asks, entry),
    selling: depth && entry && costOf(depth.bids, entry),
    volume: { oneMinute: volume(market, venueNow, 60), fiveMinutes: volume(market, venueNow, 300) },
    range: rangeOf(tape, at),
    bars: { count: market.bars.length, whole: isLive(market) },
  };
}

function depthOf({ depth, quote }: MarketView, at: Instant): Depth | null {
  if (!depth) return null;
  const stands =
    quote !== null &&
    quote.at > depth.at &&
    quote.bid === depth.bids[0]?.price &&
    quote.ask === depth.asks[0]?.price;
  return at - (stands ? quote.at : depth.at) <= BOOK_MS ? depth : null;
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
