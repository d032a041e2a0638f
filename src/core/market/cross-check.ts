/** The venue's own five-minute buckets against the sum of our bars over the same stretch. It reads; it changes nothing. */
import { least, most, NO_SIZE, plus } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import type { Bar } from "./candles.ts";

export const BUCKET_MS = 300_000;
/** The venue may still say more of a bucket for so long after the next one began. */
const LAST_WORD_MS = 5000;

/** The newest buckets heard since the stream is whole, by start, and up to where they were compared. */
export interface Buckets {
  readonly heard: Map<number, Bar>;
  comparedTo: number;
}

export const newBuckets = (): Buckets => ({ heard: new Map(), comparedTo: 0 });

/**
 * The newest of one start replaces those before it; only the newest two starts are kept. One from the future would stand
 * for the newest for ever.
 */
export function hearBucket({ heard, comparedTo }: Buckets, bar: Bar, at: Instant): void {
  if (bar.start < comparedTo || bar.start % BUCKET_MS !== 0) return;
  if (bar.start > at + BUCKET_MS) return;
  heard.set(bar.start, bar);
  if (heard.size > 2) heard.delete(Math.min(...heard.keys()));
}

/** A bucket of which everything was said: a later one has come, and time has passed. It is given once. */
export function finalBucket(buckets: Buckets, at: Instant): Bar | null {
  const { heard } = buckets;
  if (heard.size < 2) return null;
  const bar = heard.get(Math.min(...heard.keys()));
  if (!bar || at < bar.start + BUCKET_MS + LAST_WORD_MS) return null;
  heard.delete(bar.start);
  buckets.comparedTo = bar.start + BUCKET_MS;
  return bar;
}

/** Our bars from `start` over five minutes as one, or null unless every one of them is there. */
export function aggregate(bars: readonly Bar[], start: Instant, barMs: number): Bar | null {
  if (BUCKET_MS % barMs !== 0) return null;
  const count = BUCKET_MS / barMs;
  const from = bars.findIndex((bar) => bar.start === start);
  const stretch = from < 0 ? [] : bars.slice(from, from + count);
  const [first] = stretch;
  if (!first || stretch.length < count) return null;
  // A bar without trades carries the price of before the bucket.
  const [opening = first, ...rest] = stretch.filter(({ volume }) => volume > NO_SIZE);
  return rest.reduce(
    (sum, bar) => ({
      start,
      open: sum.open,
      high: most(sum.high, bar.high),
      low: least(sum.low, bar.low),
      close: bar.close,
      volume: plus(sum.volume, bar.volume),
    }),
    { ...opening, start },
  );
}

/** Two stretches without trades are alike, whatever price they carry. */
export function differs(ours: Bar, theirs: Bar): boolean {
  if (ours.volume === NO_SIZE && theirs.volume === NO_SIZE) return false;
  const sides = ["open", "high", "low", "close", "volume"] as const;
  return sides.some((side) => ours[side] !== theirs[side]);
}
