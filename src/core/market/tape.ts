/** What was traded and where the price stood in the last five minutes. Bounded. */
import {
  asBps,
  least,
  minus,
  most,
  NO_SIZE,
  type Price,
  plus,
  ratio,
  type Size,
} from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";

/** Seconds that are kept, of volume and of mark prices. */
export const WINDOW_S = 300;

/** One entry a second at most, oldest first. */
export interface Tape {
  readonly volumes: { readonly second: number; volume: Size }[];
  readonly marks: { readonly second: number; mark: Price }[];
}

export const newTape = (): Tape => ({ volumes: [], marks: [] });

const secondOf = (at: number): number => Math.floor(at / 1000);

/** Trades come nearly in order; one older than the window is left out. */
export function addVolume({ volumes }: Tape, time: Instant, size: Size): void {
  const second = secondOf(time);
  let index = volumes.length;
  while (index > 0 && (volumes[index - 1]?.second ?? 0) > second) index -= 1;
  const slot = volumes[index - 1];
  if (slot?.second === second) slot.volume = plus(slot.volume, size);
  else volumes.splice(index, 0, { second, volume: size });
  forget(volumes);
}

/** The last mark of each second counts. */
export function addMark({ marks }: Tape, at: Instant, mark: Price): void {
  const second = secondOf(at);
  const last = marks.at(-1);
  if (last && last.second >= second) last.mark = mark;
  else marks.push({ second, mark });
  forget(marks);
}

function forget(entries: { readonly second: number }[]): void {
  const newest = entries.at(-1)?.second ?? 0;
  const kept = entries.findIndex(({ second }) => second > newest - WINDOW_S);
  entries.splice(0, kept);
}

/** Base traded within `seconds` before `at`. */
export function volumeOf({ volumes }: Tape, at: Instant, seconds: number): Size {
  const from = secondOf(at) - seconds;
  return volumes.reduce(
    (sum, { second, volume }) => (second > from ? plus(sum, volume) : sum),
    NO_SIZE,
  );
}

/** Lowest and highest mark within the window, or null when there was none. */
export function rangeOf(
  { marks }: Tape,
  at: Instant,
): { readonly low: Price; readonly high: Price } | null {
  const from = secondOf(at) - WINDOW_S;
  const seen = marks.flatMap(({ second, mark }) => (second > from ? [mark] : []));
  const [first] = seen;
  if (first === undefined) return null;
  return { low: seen.reduce(least, first), high: seen.reduce(most, first) };
}

const MINUTE_S = 60;
const middleOf = (a: Price, b: Price, c: Price): Price => most(least(a, b), least(most(a, b), c));

/**
 * How far the mark went within the last minute, in basis points of its lowest; null while too few marks are known to tell a
 * move from an odd price. A single mark that neither the one before nor the one after bears out is left out.
 */
export function moveBps({ marks }: Tape, at: Instant): number | null {
  const from = secondOf(at) - MINUTE_S;
  const within = marks.findIndex(({ second }) => second > from);
  if (within < 0) return null;
  const seen = marks.slice(Math.max(0, within - 1)).map(({ mark }) => mark);
  let low: Price | null = null;
  let high: Price | null = null;
  for (let i = 1; i + 1 < seen.length; i += 1) {
    const [before, here, after] = [seen[i - 1], seen[i], seen[i + 1]];
    if (before === undefined || here === undefined || after === undefined) continue;
    const mark = middleOf(before, here, after);
    low = low === null ? mark : least(low, mark);
    high = high === null ? mark : most(high, mark);
  }
  return low === null || high === null || low <= 0n ? null : asBps(ratio(minus(high, low), low));
}
