/**
 * The recorded one-minute candles that are replayed: one stretch without gaps, common to all books.
 */
// It reads the files that ship beside it and nothing else; it knows no present time.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  type Price,
  price,
  type Quote,
  ratio,
  type Size,
  size,
  times,
} from "../../core/kernel/money.ts";

export interface Candle {
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Size;
}

export interface Recording {
  /** How many bars of the stretch lie before `from`. */
  readonly before: number;
  /**
   * Candle number `bar` counted from `from` (negative: before it); past the end the stretch
   * repeats, scaled.
   */
  candle(book: string, bar: number): Candle;
}

const MINUTE_MS = 60_000;
/** A longer silence ends a stretch. */
const LONGEST_GAP_MINUTES = 30;
const SHAPE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/;

type Minutes = ReadonlyMap<number, string>;

/**
 * @throws RangeError naming `from` and the days there are, when it is no minute of the recording.
 */
export function openRecording(bookIds: readonly string[], from: string): Recording {
  const rows = new Map(bookIds.map((book) => [book, readRows(book)]));
  const start = SHAPE.test(from) ? Math.floor(Date.parse(from) / MINUTE_MS) : Number.NaN;
  const held = [...rows.values()].every((minutes) => nearest(minutes, start) !== undefined);
  if (!Number.isFinite(start) || !held) {
    throw new RangeError(
      `--from ${from} is not in the recording; give a minute such as 2018-04-04T13:50:00Z on one of ${days(rows).join(", ")}`,
    );
  }
  const first = Math.max(...[...rows.values()].map((minutes) => edge(minutes, start, -1)));
  const last = Math.min(...[...rows.values()].map((minutes) => edge(minutes, start, 1)));
  const stretches = new Map<string, readonly Candle[]>();
  for (const [book, minutes] of rows) stretches.set(book, stretch(minutes, first, last));
  return { before: start - first, candle: (book, bar) => at(stretches, book, start - first + bar) };
}

function readRows(book: string): Minutes {
  const file = new URL(`../recordings/${book}_1m_sample_days_2016_2018.csv.gz`, import.meta.url);
  const minutes = new Map<number, string>();
  for (const line of gunzipSync(readFileSync(file)).toString("utf8").split("\n").slice(1)) {
    const comma = line.indexOf(",");
    if (comma > 0) minutes.set(Date.parse(line.slice(0, comma)) / MINUTE_MS, line.slice(comma + 1));
  }
  return minutes;
}

/** The days that every book has. */
function days(rows: ReadonlyMap<string, Minutes>): string[] {
  const sets = [...rows.values()].map(
    (minutes) =>
      new Set(
        [...minutes.keys()].map((minute) =>
          new Date(minute * MINUTE_MS).toISOString().slice(0, 10),
        ),
      ),
  );
  return [...(sets[0] ?? [])].filter((day) => sets.every((set) => set.has(day)));
}

/** The minute itself or the last recorded one before it, if not too far. */
function nearest(minutes: Minutes, minute: number): number | undefined {
  for (let back = 0; back <= LONGEST_GAP_MINUTES; back += 1) {
    if (minutes.has(minute - back)) return minute - back;
  }
  return undefined;
}

/** The farthest minute of the stretch around `minute` in one direction. */
function edge(minutes: Minutes, minute: number, direction: 1 | -1): number {
  let reached = nearest(minutes, minute) ?? minute;
  for (let gap = 1; gap <= LONGEST_GAP_MINUTES; gap += 1) {
    if (!minutes.has(reached + gap * direction)) continue;
    reached += gap * direction;
    gap = 0;
  }
  return reached;
}

/** Candles minute by minute; a minute without trades repeats the close before it with no volume. */
function stretch(minutes: Minutes, first: number, last: number): Candle[] {
  const candles: Candle[] = [];
  for (let minute = first; minute <= last; minute += 1) {
    const row = minutes.get(minute) ?? minutes.get(nearest(minutes, minute) ?? minute);
    if (row === undefined) continue;
    const [open = "", high = "", low = "", close = "", volume = ""] = row.split(",");
    const recorded = minutes.has(minute);
    candles.push({
      open: price(recorded ? open : close),
      high: price(recorded ? high : close),
      low: price(recorded ? low : close),
      close: price(close),
      volume: size(recorded ? volume : "0"),
    });
  }
  return candles;
}

function at(
  stretches: ReadonlyMap<string, readonly Candle[]>,
  book: string,
  index: number,
): Candle {
  const candles = stretches.get(book) ?? [];
  const candle = candles[index % candles.length];
  const open = candles[0]?.open;
  const close = candles.at(-1)?.close;
  if (candle === undefined || open === undefined || close === undefined) {
    throw new RangeError(`the recording has no bar ${index} of ${book}`);
  }
  const rounds = Math.floor(index / candles.length);
  if (rounds === 0) return candle;
  const factor = ratio(close, open);
  const scaled = (from: Price): Price => {
    let to = from;
    for (let round = 0; round < rounds; round += 1) to = times(to, factor);
    return to;
  };
  return {
    open: scaled(candle.open),
    high: scaled(candle.high),
    low: scaled(candle.low),
    close: scaled(candle.close),
    volume: candle.volume,
  };
}

/** What the candle traded in quote currency, near enough to scale a book by. */
export const turnover = (candle: Candle): Quote =>
  ((candle.close * candle.volume) / 10n ** 18n) as Quote;
