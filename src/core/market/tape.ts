/** What was traded and where the price stood in the last five minutes. Bounded; for people, never for an order. */
import { least, most, NO_SIZE, type Price, plus, type Size } from "../kernel/money.ts";
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
