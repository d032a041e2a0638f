/** Prices and trades: update what we believe, close bars, and let protection and strategy react. */
import type { ProductId } from "../kernel/ids.ts";
import { aggregate, BUCKET_MS, differs, finalBucket, hearBucket } from "../market/cross-check.ts";
import {
  addTrade,
  begin,
  breakOff,
  closeByClock,
  doubtBar,
  isDoubtful,
  isLive,
} from "../market/series.ts";
import { addMark, addVolume } from "../market/tape.ts";
import { isSound, type MarketView, middle } from "../market/view.ts";
import { QUIET_MS } from "../risk/rules/no-price.ts";
import { barsNeeded, onHistory } from "./backfill.ts";
import type { InputBody } from "./input.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";
import { ourTime, venueTime } from "./venue-clock.ts";
import { checkExits, onBarClosed } from "./wishes.ts";

/** How far ahead of the venue's clock, as far as we know it, a trade may be dated. */
const AHEAD_MS = 2000;
/** One dated so far ahead says nothing, not even of its bar. */
const ABSURD_MS = 30_000;
/** The strategy waits so long, and so many bars, for the venue to put wrong ones right; then it is asked all the same. */
const DOUBTFUL_MS = 120_000;
const DOUBTFUL_BARS = 10;

type MarketBody = Extract<InputBody, { kind: `market.${string}` }>;
type Trade = Extract<InputBody, { kind: "market.trade" }>;
type Quote = Extract<InputBody, { kind: "market.quote" }>;

export function onMarket(turn: Turn, body: MarketBody): void {
  const { sight } = turn.state;
  const market = sight.markets.get(body.product);
  if (!market) return;
  if (body.kind === "market.history") {
    onHistory(turn, market, body);
    return decide(turn, body.product, market, "fresh");
  }
  if (body.kind === "market.skipped") return onSkipped(turn, market, body.over);
  switch (body.kind) {
    case "market.quote":
      return onPrice(turn, market, body);
    case "market.depth": {
      const [bid] = body.depth.bids;
      const [ask] = body.depth.asks;
      market.depth = bid || ask ? { ...body.depth, at: turn.at } : null;
      // The book tells what it costs to trade at least as soon as the ticker, which is silent while nobody trades.
      if (!bid || !ask) return;
      const top = { bid: bid.price, ask: ask.price, bidSize: bid.size, askSize: ask.size };
      return onPrice(turn, market, { ...body, ...top });
    }
    case "market.candle":
      return hearBucket(market.buckets, body.bar, venueTime(turn.state, turn.at));
    case "market.trade":
      // Its trades come: quotes alone would not tell that.
      speak(turn, market);
      return onTrade(turn, market, body);
  }
}

function onPrice(
  turn: Turn,
  market: MarketView,
  { product, bid, ask, bidSize, askSize }: Omit<Quote, "kind">,
): void {
  market.quote = { bid, ask, bidSize, askSize, at: turn.at };
  // A crossed or one-sided book is told to the gate, which refuses; nothing is valued or sold by it.
  if (!isSound(market.quote)) return;
  market.heardAt = turn.at;
  market.lastMark = { price: bid, at: turn.at };
  addMark(market.tape, turn.at, middle(market.quote));
  checkExits(turn, product);
}

function onTrade(turn: Turn, market: MarketView, trade: Trade): void {
  const ahead = trade.time - venueTime(turn.state, turn.at);
  // A trade dated ahead would close bars that have not been. Left out, its own bar lacks it.
  if (ahead > AHEAD_MS) {
    market.lateTrades += 1;
    if (ahead <= ABSURD_MS) doubtBar(market, trade.time);
    return;
  }
  addVolume(market.tape, trade.time, trade.size);
  if (!addTrade(market, trade, barsNeeded(turn.state))) {
    market.lateTrades += 1;
    return;
  }
  // The first trades after a break may be old ones, said again.
  const made = ourTime(turn.state, trade.time);
  const at = made < turn.at ? made : turn.at;
  market.lastTrade = { price: trade.price, at };
  // While bids are heard a holding is worth what they give.
  const { quote } = market;
  const isBid = quote !== null && isSound(quote) && turn.at - quote.at <= QUIET_MS;
  if (!isBid && at > (market.lastMark?.at ?? 0)) market.lastMark = market.lastTrade;
  if (market.heardAt === null || at > market.heardAt) market.heardAt = at;
  decide(turn, trade.product, market, "any");
}

/** The stream speaks: from the next bar on ours are whole, unless trades are being left out. */
function speak({ state, at }: Turn, market: MarketView): void {
  if (!market.skipping) begin(market, venueTime(state, at));
}

export function onStreamAlive(turn: Turn): void {
  for (const market of turn.state.sight.markets.values()) speak(turn, market);
}

/** After a break nothing said before it is a price any more, and no bar under way is whole. */
export function onStreamBroken({ sight }: State): void {
  for (const market of sight.markets.values()) {
    market.quote = null;
    market.depth = null;
    market.lastTrade = null;
    market.heardAt = null;
    giveUp(market);
  }
}

function giveUp(market: MarketView): void {
  breakOff(market);
  market.doubtfulSince = null;
  market.buckets.heard.clear();
}

function onSkipped(turn: Turn, market: MarketView, over: boolean): void {
  giveUp(market);
  market.skipping = !over;
  speak(turn, market);
}

/**
 * Asks the strategy about the newest closed bar, once, and only when nothing is missing before it. Of several bars that
 * closed at once only the newest is news; one read from the venue is news while it is `fresh`, for as long as one bar.
 * Wrong bars are waited for, but not for ever.
 */
function decide(turn: Turn, product: ProductId, market: MarketView, age: "any" | "fresh"): void {
  const newest = market.bars.at(-1);
  if (!newest || !isLive(market)) return;
  if (market.decided !== null && newest.start <= market.decided) return;
  if (waitsForVenue(turn, market)) return;
  market.decided = newest.start;
  const venueNow = venueTime(turn.state, turn.at);
  if (age === "fresh" && venueNow - newest.start > 2 * market.barMs) return;
  if (market.heardAt === null || turn.at - market.heardAt > QUIET_MS) return;
  onBarClosed(turn, product, newest);
}

function waitsForVenue({ state, at }: Turn, market: MarketView): boolean {
  if (!isDoubtful(market, state.settings.strategy.warmUpBars)) market.doubtfulSince = null;
  else market.doubtfulSince ??= at;
  const longest = Math.min(DOUBTFUL_MS, DOUBTFUL_BARS * market.barMs);
  return market.doubtfulSince !== null && at - market.doubtfulSince < longest;
}

/** Bars whose time is over without a later trade, and buckets of the venue that are complete. */
export function closeBars(turn: Turn): void {
  const { sight } = turn.state;
  const { aliveAt } = sight.streams.market;
  const needed = barsNeeded(turn.state);
  const until = venueTime(turn.state, aliveAt !== null && aliveAt < turn.at ? aliveAt : turn.at);
  for (const [product, market] of sight.markets) {
    if (aliveAt !== null) closeByClock(market, until, needed);
    decide(turn, product, market, "any");
    compare(turn, product, market);
  }
}

/** What differs from the venue's own count is told and read anew. Buckets that we saw only in part are not compared. */
function compare(turn: Turn, product: ProductId, market: MarketView): void {
  const theirs = finalBucket(market.buckets, venueTime(turn.state, turn.at));
  const ours = theirs && aggregate(market.bars, theirs.start, market.barMs);
  if (!theirs || !ours) return;
  const starts = market.bars.flatMap(({ start }) =>
    start >= theirs.start && start < theirs.start + BUCKET_MS ? [start] : [],
  );
  if (starts.some((start) => market.doubted.has(start)) || !differs(ours, theirs)) return;
  for (const start of starts) market.doubted.add(start);
  turn.say({ kind: "bars.differed", product, lengthMs: BUCKET_MS, ours, theirs });
}
