/** Prices and trades: update what we believe, close bars, and let protection and strategy react. */
import type { ProductId } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { aggregate, BUCKET_MS, differs, finalBucket, hearBucket } from "../market/cross-check.ts";
import { addTrade, begin, breakOff, closeByClock, isLive } from "../market/series.ts";
import { addMark, addVolume } from "../market/tape.ts";
import { type MarketView, middle } from "../market/view.ts";
import { QUIET_MS } from "../risk/rules/no-price.ts";
import { onHistory } from "./backfill.ts";
import type { InputBody } from "./input.ts";
import type { State } from "./state.ts";
import { checkProtection, onBarClosed } from "./trade.ts";
import type { Turn } from "./turn.ts";

/** How far the venue's clock may lead ours in dating a trade. */
const AHEAD_MS = 30_000;

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
  if (body.kind === "market.skipped") return onSkipped(market, body.over, turn.at);
  sight.streams.market.aliveAt = turn.at;
  speak(market, turn.at);
  switch (body.kind) {
    case "market.quote":
      return onPrice(turn, market, body);
    case "market.depth": {
      market.depth = { ...body.depth, at: turn.at };
      const [bid] = body.depth.bids;
      const [ask] = body.depth.asks;
      // The book tells what it costs to trade at least as soon as the ticker, which is silent while nobody trades.
      if (!bid || !ask) return;
      const top = { bid: bid.price, ask: ask.price, bidSize: bid.size, askSize: ask.size };
      return onPrice(turn, market, { ...body, ...top });
    }
    case "market.candle":
      return hearBucket(market.buckets, body.bar);
    case "market.trade":
      return onTrade(turn, market, body);
  }
}

function onPrice(
  turn: Turn,
  market: MarketView,
  { product, bid, ask, bidSize, askSize }: Omit<Quote, "kind">,
): void {
  market.quote = { bid, ask, bidSize, askSize, at: turn.at };
  market.heardAt = turn.at;
  addMark(market.tape, turn.at, middle(market.quote));
  checkProtection(turn, product);
}

function onTrade(turn: Turn, market: MarketView, trade: Trade): void {
  const { settings } = turn.state;
  // A trade dated ahead of us would close bars that have not been.
  if (trade.time > turn.at + AHEAD_MS) {
    market.lateTrades += 1;
    return;
  }
  addVolume(market.tape, trade.time, trade.size);
  if (!addTrade(market, trade, settings.strategy.warmUpBars)) {
    market.lateTrades += 1;
    return;
  }
  market.lastTrade = trade.price;
  // The first trades after a break may be old ones, said again.
  const { time } = trade;
  if (market.heardAt === null || time > market.heardAt) {
    market.heardAt = time < turn.at ? time : turn.at;
  }
  decide(turn, trade.product, market, "any");
}

/** The stream speaks: from the next bar on ours are whole, unless trades are being left out. */
function speak(market: MarketView, at: Instant): void {
  if (!market.skipping) begin(market, at);
}

export function onStreamAlive({ state, at }: Turn): void {
  for (const market of state.sight.markets.values()) speak(market, at);
}

/** After a break nothing said before it is a price any more, and no bar under way is whole. */
export function onStreamBroken({ sight }: State): void {
  for (const market of sight.markets.values()) {
    market.quote = null;
    market.depth = null;
    market.heardAt = null;
    giveUp(market);
  }
}

function giveUp(market: MarketView): void {
  breakOff(market);
  market.buckets.heard.clear();
}

function onSkipped(market: MarketView, over: boolean, at: Instant): void {
  giveUp(market);
  market.skipping = !over;
  if (over) begin(market, at);
}

/**
 * Asks the strategy about the newest closed bar, once, and only when nothing is missing before it. Of several bars that
 * closed at once only the newest is news; one read from the venue is news while it is `fresh`, for as long as one bar.
 */
function decide(turn: Turn, product: ProductId, market: MarketView, age: "any" | "fresh"): void {
  const newest = market.bars.at(-1);
  if (!newest || !isLive(market)) return;
  if (market.decided !== null && newest.start <= market.decided) return;
  market.decided = newest.start;
  if (age === "fresh" && turn.at - newest.start > 2 * market.barMs) return;
  if (market.heardAt === null || turn.at - market.heardAt > QUIET_MS) return;
  onBarClosed(turn, product, newest);
}

/** Bars whose time is over without a later trade, and buckets of the venue that are complete. */
export function closeBars(turn: Turn): void {
  const { sight, settings } = turn.state;
  const { aliveAt } = sight.streams.market;
  for (const [product, market] of sight.markets) {
    closeByClock(market, { at: turn.at, aliveAt }, settings.strategy.warmUpBars);
    decide(turn, product, market, "any");
    compare(turn, product, market);
  }
}

/** What differs from the venue's own count is told and read anew. Buckets that we saw only in part are not compared. */
function compare(turn: Turn, product: ProductId, market: MarketView): void {
  const theirs = finalBucket(market.buckets, turn.at);
  const ours = theirs && aggregate(market.bars, theirs.start, market.barMs);
  if (!theirs || !ours) return;
  const starts = market.bars.flatMap(({ start }) =>
    start >= theirs.start && start < theirs.start + BUCKET_MS ? [start] : [],
  );
  if (starts.some((start) => market.doubted.has(start)) || !differs(ours, theirs)) return;
  for (const start of starts) market.doubted.add(start);
  turn.say({ kind: "bars.differed", product, lengthMs: BUCKET_MS, ours, theirs });
}
