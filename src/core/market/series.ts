/** The bars of one product that can be trusted: made of trades of a stream that was whole, or read from the venue. */
// Trades are dated by the venue, so every moment here is one of the venue's clock.
// A bar of our own counts only when the stream was whole from its start to its end; what is missing is left to the venue.
import { least, most, type Price, plus, type Size } from "../kernel/money.ts";
import { type Instant, instant } from "../kernel/time.ts";
import { type Bar, flatAfter } from "./candles.ts";

/** Closed bars kept for strategies. */
export const BARS_KEPT = 600;
/** A bar is closed by the clock this long after its end, or a quarter of it, for trades still under way. */
const GRACE_MS = 1000;
/** After its first word a stream may be silent on some channels for so long. */
const SETTLE_MS = 2000;

export interface Series {
  readonly barMs: number;
  /** What a strategy sees: closed, oldest first, without a gap, each start once. */
  bars: Bar[];
  /** Closed and whole too, but the stretch between `bars` and these is missing. */
  ahead: Bar[];
  /** The whole bar under way, once it has a trade. */
  forming: Bar | null;
  /** A bar that starts here or later misses no trade; null while the stream is not whole. */
  wholeFrom: Instant | null;
  /** Starts of bars that are known to lack trades and wait for the venue's. */
  readonly doubted: Set<number>;
}

export const newSeries = (barMs: number): Series => ({
  barMs,
  bars: [],
  ahead: [],
  forming: null,
  wholeFrom: null,
  doubted: new Set(),
});

const endOf = ({ barMs }: Series, bar: Bar): Instant => instant(bar.start + barMs);
const floored = (ms: number, barMs: number): Instant =>
  instant(Math.max(0, Math.floor(ms / barMs) * barMs));

/** The stream speaks (again): the first bar that begins once it has settled is whole. */
export function begin(series: Series, at: Instant): void {
  const { barMs } = series;
  series.wholeFrom ??= floored(at + Math.min(SETTLE_MS, barMs) + barMs - 1, barMs);
}

/** Trades may be missing from here on: the bar under way and those that hang in the air are given up. */
export function breakOff(series: Series): void {
  series.wholeFrom = null;
  series.forming = null;
  series.ahead = [];
}

/** True while `bars` reach without a gap to where our own stream is whole: only then is a closed bar news. */
export function isLive(series: Series): boolean {
  const last = series.bars.at(-1);
  const { wholeFrom, ahead } = series;
  if (wholeFrom === null || ahead.length > 0 || last === undefined) return false;
  return last.start + series.barMs >= wholeFrom;
}

/** A trade could not be counted: its bar is not right, whether closed or not. */
export function doubtBar(series: Series, time: Instant): void {
  const start = floored(time, series.barMs);
  if (series.wholeFrom !== null && start >= series.wholeFrom) series.doubted.add(start);
}

/** True when one of the last `count` closed bars is doubted. */
export const isDoubtful = ({ bars, doubted }: Series, count: number): boolean =>
  doubted.size > 0 && bars.slice(-count).some(({ start }) => doubted.has(start));

/** Adds a trade and closes what it shows to be over. @returns false when its bar had closed before it came */
export function addTrade(
  series: Series,
  trade: { readonly price: Price; readonly size: Size; readonly time: Instant },
  enough: number,
): boolean {
  const start = floored(trade.time, series.barMs);
  if (series.wholeFrom === null || start < series.wholeFrom) return true;
  closeUntil(series, start, enough);
  const next = nextStart(series);
  if (next !== null && start < next) {
    // The bar is closed and lacks this trade. A closed bar does not change by itself: the venue's takes its place.
    series.doubted.add(start);
    return false;
  }
  const { price, size } = trade;
  const bar = series.forming;
  series.forming = bar
    ? {
        start,
        open: bar.open,
        high: most(bar.high, price),
        low: least(bar.low, price),
        close: price,
        volume: plus(bar.volume, size),
      }
    : { start, open: price, high: price, low: price, close: price, volume: size };
  return true;
}

/**
 * Closes what the clock says is over. Stretches without trades become flat bars without volume.
 * @param proven up to where the stream has proved that it holds nothing back: silence is not an empty stretch
 */
export function closeByClock(series: Series, proven: Instant, enough: number): void {
  if (series.wholeFrom === null) return;
  const grace = Math.min(GRACE_MS, series.barMs / 4);
  closeUntil(series, floored(proven - grace, series.barMs), enough);
}

/** Start of the bar that closes next, or null when the price before it is not known. */
function nextStart(series: Series): Instant | null {
  const last = series.ahead.at(-1) ?? (isLive(series) ? series.bars.at(-1) : undefined);
  return last ? endOf(series, last) : (series.forming?.start ?? null);
}

function closeUntil(series: Series, until: Instant, enough: number): void {
  const { barMs } = series;
  let start = nextStart(series);
  if (start === null || start >= until) return;
  if (until - start > BARS_KEPT * barMs) {
    // Nobody looked for longer than is kept.
    breakOff(series);
    series.wholeFrom = until;
    return;
  }
  const live = isLive(series);
  const list = live ? series.bars : series.ahead;
  for (; start < until; start = instant(start + barMs)) {
    const before = list.at(-1);
    const bar =
      series.forming?.start === start ? series.forming : before ? flatAfter(before, start) : null;
    if (bar) list.push(bar);
  }
  if (series.forming && series.forming.start < until) series.forming = null;
  if (list.length > BARS_KEPT) list.splice(0, list.length - BARS_KEPT);
  for (const known of series.doubted)
    if (known < until - BARS_KEPT * barMs) series.doubted.delete(known);
  if (!live && series.ahead.length >= Math.min(enough, BARS_KEPT)) {
    // Enough of our own: what came before the gap is not needed any more.
    series.bars = series.ahead;
    series.ahead = [];
  }
}

/**
 * Puts the venue's bars where ours are missing or doubted; our own whole bars stay as they are.
 * @param settled bars that end later than this may still lack trades and are left out
 */
export function heal(series: Series, fetched: readonly Bar[], settled: Instant): void {
  const limit = nextStart(series) ?? Number.POSITIVE_INFINITY;
  const known = unbroken(fetched, series.barMs);
  const usable = known.filter((bar) => endOf(series, bar) <= settled && bar.start < limit);
  replaceDoubted(series, usable);
  const byStart = new Map<number, Bar>();
  for (const bar of [...usable, ...series.bars, ...series.ahead]) byStart.set(bar.start, bar);
  const all = [...byStart.values()].sort((a, b) => a.start - b.start);
  const first = series.ahead[0]?.start;
  const joined = unbroken(all, series.barMs);
  if (first === undefined || (joined[0]?.start ?? first) < first) {
    series.bars = joined.slice(-BARS_KEPT);
    series.ahead = [];
  } else {
    const before = all.filter(({ start }) => start < first);
    series.bars = unbroken(before, series.barMs).slice(-BARS_KEPT);
  }
}

function replaceDoubted(series: Series, usable: readonly Bar[]): void {
  const { doubted } = series;
  if (doubted.size === 0) return;
  const theirs = new Map(usable.map((bar) => [bar.start as number, bar]));
  const right = (bar: Bar): Bar => (doubted.has(bar.start) ? (theirs.get(bar.start) ?? bar) : bar);
  series.bars = series.bars.map(right);
  series.ahead = series.ahead.map(right);
  const oldest = series.bars[0]?.start ?? series.ahead[0]?.start ?? Number.POSITIVE_INFINITY;
  for (const start of doubted) if (theirs.has(start) || start < oldest) doubted.delete(start);
}

/** The last stretch without a gap; nothing of a list that is not in order or not on the grid. */
function unbroken(bars: readonly Bar[], barMs: number): Bar[] {
  let from = 0;
  for (const [index, bar] of bars.entries()) {
    if (bar.start % barMs !== 0) return [];
    const before = bars[index - 1];
    if (before && bar.start <= before.start) return [];
    if (before && bar.start !== before.start + barMs) from = index;
  }
  return bars.slice(from);
}
