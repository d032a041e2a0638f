/** Asks the venue for bars that our own stream could not make, and takes them in. How often is bounded. */
import type { ProductId } from "../kernel/ids.ts";
import { later } from "../kernel/time.ts";
import { BARS_KEPT, heal, isLive } from "../market/series.ts";
import type { MarketView } from "../market/view.ts";
import { LEAST_BARS } from "../risk/sizing.ts";
import type { InputBody } from "./input.ts";
import type { State } from "./state.ts";
import type { Turn } from "./turn.ts";
import { venueTime } from "./venue-clock.ts";

/** Bars read when there are none, as a multiple of what the strategy needs. */
const CONTEXT = 4;
/** The venue's last trades of a bar may reach its own records this much later. */
const SETTLED_MS = 3000;
/** A reading that was not answered is taken for lost. */
const ANSWER_MS = 60_000;
const LONGEST_MS = 60_000;

const settledMs = (barMs: number): number => Math.min(SETTLED_MS, barMs / 4);
const leastWait = (barMs: number): number => Math.max(250, Math.min(1000, barMs));

/** Asks for every product whose bars have a gap, are too few, or are doubted, once the venue can have them. */
export function askForBars(turn: Turn): void {
  for (const [product, market] of turn.state.sight.markets) askFor(turn, product, market);
}

function askFor(turn: Turn, product: ProductId, market: MarketView): void {
  const { backfill, barMs } = market;
  const due = dueAt(turn.state, market);
  const venueNow = venueTime(turn.state, turn.at);
  if (due === null || venueNow < due + settledMs(barMs)) return;
  if (backfill.askedAt !== null && turn.at - backfill.askedAt < ANSWER_MS) return;
  if (backfill.nextAt !== null && turn.at < backfill.nextAt) return;
  backfill.askedAt = turn.at;
  turn.ask({
    kind: "backfill",
    product,
    barMs,
    count: countFor(turn.state, market, venueNow),
    askedAt: turn.at,
  });
}

/** When the last bar that is missing is over, or null while nothing is missing or the stream does not speak. */
function dueAt(state: State, market: MarketView): number | null {
  const { wholeFrom, doubted, barMs } = market;
  if (wholeFrom === null) return null;
  if (!isLive(market) || isShort(state, market)) return wholeFrom;
  return doubted.size === 0 ? null : Math.max(...doubted) + barMs;
}

/** Bars without which nothing is decided: the strategy's, and where volatility bounds an entry, its own. */
export function barsNeeded({ settings }: State): number {
  const { strategy, sizing } = settings;
  const volatile = (sizing?.mostFactor ?? null) === null ? 0 : LEAST_BARS;
  return Math.min(BARS_KEPT, Math.max(strategy.warmUpBars, volatile));
}

const isShort = (state: State, { bars }: MarketView): boolean => bars.length < barsNeeded(state);

function countFor(state: State, market: MarketView, at: number): number {
  const { bars, doubted, barMs } = market;
  const last = bars.at(-1);
  const context = isShort(state, market) ? barsNeeded(state) * CONTEXT : 0;
  const from = Math.min(last?.start ?? at, ...doubted);
  return Math.min(BARS_KEPT, Math.max(context, Math.ceil((at - from) / barMs) + 1));
}

/** The venue's answer: what it heals is healed, and what is still missing or wrong is asked for again, ever more rarely. */
export function onHistory(
  turn: Turn,
  market: MarketView,
  { bars, askedAt }: Extract<InputBody, { kind: "market.history" }>,
): void {
  const { backfill, barMs } = market;
  if (backfill.askedAt === askedAt) backfill.askedAt = null;
  const doubts = market.doubted.size;
  heal(market, bars, later(venueTime(turn.state, askedAt), -settledMs(barMs)));
  const missing = market.wholeFrom !== null && (!isLive(market) || isShort(turn.state, market));
  // What is doubted by now may be newer than the question.
  const helped = !missing && (market.doubted.size === 0 || market.doubted.size < doubts);
  backfill.failures = helped ? 0 : Math.min(16, backfill.failures + 1);
  const wait = leastWait(barMs) * 2 ** Math.max(0, backfill.failures - 1);
  backfill.nextAt = later(turn.at, Math.min(LONGEST_MS, wait));
}
