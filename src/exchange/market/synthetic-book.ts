/** The made-up order book around a price: what other people would be offering. */
// Seeded and stateless; client orders are not in it.
import {
  ceilTo,
  floorTo,
  type Price,
  type Quote,
  type Size,
  sizeOf,
} from "../../core/kernel/money.ts";
import { type Random, seeded } from "../../core/kernel/random.ts";

export interface Level {
  readonly price: Price;
  size: Size;
}

/** Bids from high to low, asks from low to high. */
export interface Book {
  readonly bids: Level[];
  readonly asks: Level[];
}

export interface Around {
  readonly price: Price;
  readonly priceStep: Price;
  readonly sizeStep: Size;
  /** What a minute turns over, in quote currency; deeper books for busier minutes. */
  readonly turnover: Quote;
  readonly seed: string;
}

const LEVELS = 20;
const USD = 10n ** 18n;
const SHALLOWEST = 3_000n * USD;
const DEEPEST = 40_000n * USD;

/**
 * Twenty levels a side around a price, the spread at most about three basis points, thousands of
 * dollars a level.
 */
export function syntheticBook(around: Around): Book {
  const random = seeded(around.seed);
  const half = (around.price * BigInt(random.between(10, 150))) / 1_000_000n;
  const bid = floorTo((around.price - half) as Price, around.priceStep);
  const ask = ceilTo((around.price + half) as Price, around.priceStep);
  return {
    bids: side(around, bid === around.price ? before(bid, around) : bid, -1n, random),
    asks: side(around, ask === around.price ? after(ask, around) : ask, 1n, random),
  };
}

const before = (price: Price, around: Around): Price => (price - around.priceStep) as Price;
const after = (price: Price, around: Around): Price => (price + around.priceStep) as Price;

function side(around: Around, best: Price, direction: 1n | -1n, random: Random): Level[] {
  const levels: Level[] = [];
  let price = best;
  for (let depth = 0; depth < LEVELS && price > 0n; depth += 1) {
    levels.push({ price, size: levelSize(around, price, depth, random) });
    const gap = (around.price * BigInt(random.between(3, 20))) / 1_000_000n;
    const step = ceilTo(gap as Price, around.priceStep);
    price = (price + direction * (step > 0n ? step : around.priceStep)) as Price;
  }
  return levels;
}

function levelSize(around: Around, price: Price, depth: number, random: Random): Size {
  const part = around.turnover / 40n;
  const usual = part < SHALLOWEST ? SHALLOWEST : part > DEEPEST ? DEEPEST : part;
  const worth = (usual * BigInt(random.between(60, 140) + depth * 10)) / 100n;
  const size = floorTo(sizeOf(worth as Quote, price), around.sizeStep);
  return size > 0n ? size : around.sizeStep;
}
