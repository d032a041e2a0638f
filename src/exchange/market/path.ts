/**
 * The ticks of one recorded minute: a seeded walk through its open, its two extremes in a seeded
 * order, its close.
 */
// A function of the candle, the seed and the bar number alone: no clock, no state.
import { floorTo, type Price, type Size } from "../../core/kernel/money.ts";
import { type Random, seeded } from "../../core/kernel/random.ts";
import type { Candle } from "./recording.ts";

export interface Tick {
  readonly price: Price;
  readonly size: Size;
}

export interface Bar {
  readonly candle: Candle;
  readonly seed: string;
  readonly book: string;
  readonly bar: number;
  readonly priceStep: Price;
  readonly sizeStep: Size;
}

/** Four ticks name the open, both extremes and the close; more lie between them. */
export const FEWEST_TICKS = 4;
const QUIET_PRINT = 10n ** 14n;

/**
 * Exactly `count` ticks (at least four), whose open, high, low and close are the candle's; volumes
 * add up to its volume.
 */
export function ticksOf(of: Bar, count: number): Tick[] {
  const random = seeded(`${of.seed}|${of.book}|${of.bar}`);
  const { candle } = of;
  const round = (price: Price): Price => floorTo(price, of.priceStep);
  const low = round(candle.low);
  const high = round(candle.high);
  const extremes = random.next() < 0.5 ? [low, high] : [high, low];
  const corners = [round(candle.open), ...extremes, round(candle.close)];
  const sizes = shares(of, count, random);
  const ticks: Tick[] = [];
  for (let index = 0; index < count; index += 1) {
    const raw = between(corners, index / (count - 1), { low, high, random });
    ticks.push({ price: round(raw), size: sizes[index] ?? of.sizeStep });
  }
  return ticks;
}

interface Range {
  readonly low: Price;
  readonly high: Price;
  readonly random: Random;
}

/**
 * Where the walk is at `share` (0 to 1) of its way through the corners; off the corners it trembles
 * a little.
 */
function between(corners: readonly Price[], share: number, range: Range): Price {
  const legs = corners.length - 1;
  const leg = Math.min(Math.floor(share * legs + 1e-9), legs - 1);
  const part = BigInt(Math.round((share * legs - leg) * 1_000_000));
  const start = corners[leg] ?? range.low;
  const end = corners[leg + 1] ?? start;
  if (part === 0n) return start;
  if (part === 1_000_000n) return end;
  const tremble = BigInt(Math.round((range.random.next() - 0.5) * 1000));
  const straight = start + ((end - start) * part) / 1_000_000n;
  const price = straight + ((range.high - range.low) * tremble) / 10_000n;
  return (price < range.low ? range.low : price > range.high ? range.high : price) as Price;
}

/**
 * Seeded shares of the volume, each a whole number of steps and above zero; the last takes the
 * rest.
 */
function shares(of: Bar, count: number, random: Random): Size[] {
  const least = BigInt(count) * of.sizeStep;
  const whole = floorTo(of.candle.volume, of.sizeStep);
  const volume = whole < least ? BigInt(count) * QUIET_PRINT : whole;
  const weights = Array.from({ length: count }, () => BigInt(random.between(1, 100)));
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  const sizes = weights.map((weight) => {
    const share = floorTo(((volume * weight) / total) as Size, of.sizeStep);
    return share > 0n ? share : of.sizeStep;
  });
  const given = sizes.slice(0, -1).reduce((sum, each) => sum + each, 0n);
  const rest = volume - given;
  sizes[count - 1] = (rest > 0n ? rest : of.sizeStep) as Size;
  return sizes;
}
