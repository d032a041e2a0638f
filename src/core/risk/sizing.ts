/** How much an entry is worth, from equity, risk and volatility. It proposes: what the gate does not let through is not bought. */
import {
  approximate,
  bps,
  ceilTo,
  dividedBy,
  least,
  most,
  NO_QUOTE,
  notional,
  type Price,
  plus,
  type Quote,
  type Rate,
  rate,
  type Size,
  sizeOf,
  times,
} from "../kernel/money.ts";
import type { Bar } from "../market/candles.ts";
import type { Product } from "../market/product.ts";

interface Common {
  /** Of equity, for one trade: 0.0025 where 0.25 % are at risk. */
  readonly share: Rate;
  /** No entry is worth less. */
  readonly floor: Quote;
  /** The most that calm may enlarge an entry by; null where volatility changes nothing. */
  readonly mostFactor: Rate | null;
}
/** `notional`: so much of equity is bought. `stop_distance`: so much of it is lost, before fees, where the stop is met. */
export type Sizing =
  | (Common & { readonly model: "notional" })
  | (Common & { readonly model: "stop_distance"; readonly stopBps: number });

/** Worth of one entry: risk x factor x equity, by the stop's distance where that is the model, and never below the floor. */
export function sizedWorth(sizing: Sizing, equity: Quote, factor: Rate): Quote {
  const risked = times(times(equity, sizing.share), factor);
  const worth = sizing.model === "notional" ? risked : dividedBy(risked, bps(sizing.stopBps));
  return most(sizing.floor, worth);
}

const NEUTRAL = rate("1");
const WINDOW = 20;
/** Of how many closed bars volatility is told. */
export const LEAST_BARS = 40;
/** The table is one of hourly bars; what moves at random moves with the square root of time. */
const TABLE_MS = 3_600_000;
const TABLE = { wild: 0.02, lively: 0.01, calm: 0.004 } as const;
const FACTORS = { wild: rate("0.6"), lively: rate("0.8"), calm: rate("1.2") } as const;

/**
 * What volatility makes of the risk: less when prices swing, at most `most` when they are calm, 1 before there are 40
 * bars. Volatility is the population deviation of the last 20 closes, of the last close.
 */
export function volatilityFactor(bars: readonly Bar[], barMs: number, mostFactor: Rate): Rate {
  return least(bars.length < LEAST_BARS ? NEUTRAL : factorOf(bars, barMs), mostFactor);
}

function factorOf(bars: readonly Bar[], barMs: number): Rate {
  const closes = bars.slice(-WINDOW).map(({ close }) => approximate(close));
  const mean = closes.reduce((total, close) => total + close, 0) / closes.length;
  const squares = closes.reduce((total, close) => total + (close - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / closes.length) / (closes.at(-1) ?? 0);
  const scale = Math.sqrt(barMs / TABLE_MS);
  if (deviation > TABLE.wild * scale) return FACTORS.wild;
  if (deviation > TABLE.lively * scale) return FACTORS.lively;
  return deviation < TABLE.calm * scale ? FACTORS.calm : NEUTRAL;
}

/** The smallest size that is worth `floor` at a price and that the venue takes in so many equal parts. */
export function leastSize(
  { floor, price, parts = 1 }: { floor: Quote; price: Price; parts?: number },
  product: Product,
): Size {
  const { sizeStep, minSize, minNotional } = product;
  const part = most(ceilTo(minSize, sizeStep), worthing(minNotional, price, sizeStep));
  const step = (sizeStep * BigInt(parts)) as Size;
  return most((part * BigInt(parts)) as Size, worthing(floor, price, step));
}

/** The venue trades no order in fewer parts. */
const LEAST_PARTS = 2;

/** In how many parts, up to so many, a size goes so that the venue takes each of them. */
export function partsFor(
  { size, price, most: wanted }: { size: Size; price: Price; most: number },
  product: Product,
): number {
  const part = leastSize({ floor: NO_QUOTE, price }, product);
  let parts = wanted;
  while (parts > LEAST_PARTS && (part as bigint) * BigInt(parts) > size) parts -= 1;
  return parts;
}

/** The most that an entry is raised to: the floor or one smallest order, whichever is larger, in whole steps of its parts. */
export function mostRaised(of: Parameters<typeof leastSize>[0], product: Product): Size {
  const step = (product.sizeStep * BigInt(of.parts ?? 1)) as Size;
  return ceilTo(leastSize({ ...of, parts: 1 }, product), step);
}

/** The smallest multiple of a step that is worth so much. */
function worthing(worth: Quote, price: Price, step: Size): Size {
  const size = ceilTo(sizeOf(worth, price), step);
  return notional(price, size) < worth ? plus(size, step) : size;
}
