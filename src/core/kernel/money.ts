/**
 * Exact amounts. Every price, size and sum of quote currency is an integer count of 1e-18 units, held in a bigint and
 * branded with its unit, so that a price cannot be added to a size and no binary float ever touches money.
 *
 * Eighteen places hold everything Coinbase sends (sizes have at most 16, average prices 16). Products and quotients
 * that need more are rounded in a stated direction: towards zero unless the name says otherwise.
 */

declare const unit: unique symbol;
type Amount<U extends string> = bigint & { readonly [unit]: U };

/** Quote currency per one base, e.g. USD per BTC. */
export type Price = Amount<"price">;
/** Base currency, e.g. BTC. */
export type Size = Amount<"size">;
/** Quote currency, e.g. USD: cash, notional, fees, profit. */
export type Quote = Amount<"quote">;
/** A bare ratio: a fee rate of 0.006 is six thousandths. */
export type Rate = Amount<"rate">;

type Any = Price | Size | Quote | Rate;

const PLACES = 18;
const ONE = 10n ** BigInt(PLACES);
const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/**
 * Reads a plain decimal ("68923", ".19", "-0.50"): no exponent, at most 18 places that matter.
 * @throws RangeError naming the text when it is anything else.
 */
export function parse(text: string): bigint {
  const match = SHAPE.exec(text);
  const whole = match?.[2] ?? "";
  const places = (match?.[3] ?? "").replace(/0+$/, "");
  if (!match || (whole === "" && (match[3] ?? "") === "") || places.length > PLACES) {
    throw new RangeError(
      `not an exact decimal with at most ${PLACES} places: ${JSON.stringify(text)}`,
    );
  }
  const digits = BigInt((whole === "" ? "0" : whole) + places.padEnd(PLACES, "0"));
  return match[1] === "-" ? -digits : digits;
}

export const price = (text: string): Price => parse(text) as Price;
export const size = (text: string): Size => parse(text) as Size;
export const quote = (text: string): Quote => parse(text) as Quote;
export const rate = (text: string): Rate => parse(text) as Rate;

export const NO_SIZE = 0n as Size;
export const NO_QUOTE = 0n as Quote;

/** The shortest exact decimal text: "0.00152", "-3.1", "0". */
export function decimal(amount: bigint): string {
  const sign = amount < 0n ? "-" : "";
  const digits = (amount < 0n ? -amount : amount).toString().padStart(PLACES + 1, "0");
  const places = digits.slice(-PLACES).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -PLACES)}${places === "" ? "" : `.${places}`}`;
}

const raw = (amount: bigint): bigint => amount;

export const plus = <A extends Any>(a: A, b: A): A => (raw(a) + raw(b)) as A;
export const minus = <A extends Any>(a: A, b: A): A => (raw(a) - raw(b)) as A;
export const negate = <A extends Any>(a: A): A => -raw(a) as A;
export const absolute = <A extends Any>(a: A): A => (a < 0n ? negate(a) : a);
export const least = <A extends Any>(a: A, b: A): A => (a < b ? a : b);
export const most = <A extends Any>(a: A, b: A): A => (a > b ? a : b);
export const sum = <A extends Any>(amounts: Iterable<A>): A => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total as A;
};

/** What `of` is worth `at` a price. */
export const notional = (at: Price, of: Size): Quote => ((raw(at) * raw(of)) / ONE) as Quote;
/** How much base `worth` buys `at` a price. `at` must not be zero. */
export const sizeOf = (worth: Quote, at: Price): Size => ((raw(worth) * ONE) / raw(at)) as Size;
/** The average price of `of` base that cost `worth`. `of` must not be zero. */
export const priceOf = (worth: Quote, of: Size): Price => ((raw(worth) * ONE) / raw(of)) as Price;
/** A share of an amount: a fee, a percentage of equity. */
export const times = <A extends Any>(amount: A, by: Rate): A =>
  ((raw(amount) * raw(by)) / ONE) as A;
/** The amount of which `amount` is that share. `by` must not be zero. */
export const dividedBy = <A extends Any>(amount: A, by: Rate): A =>
  ((raw(amount) * ONE) / raw(by)) as A;
/** `part / whole` as a rate. `whole` must not be zero. */
export const ratio = <A extends Any>(part: A, whole: A): Rate =>
  ((raw(part) * ONE) / raw(whole)) as Rate;
/** Basis points as a rate: 15 -> 0.0015. Fractions of a basis point are kept to 1e-4. */
export const bps = (points: number): Rate =>
  ((BigInt(Math.round(points * 10_000)) * ONE) / 100_000_000n) as Rate;
/** A rate as basis points, for showing and comparing with configured bounds; not for arithmetic on money. */
export const asBps = (of: Rate): number => Number(of / (ONE / 100_000_000n)) / 10_000;

/** The largest multiple of `step` not above a non-negative `amount`. */
export const floorTo = <A extends Any>(amount: A, step: A): A =>
  (raw(amount) - (raw(amount) % raw(step))) as A;
/** The smallest multiple of `step` not below a non-negative `amount`. */
export const ceilTo = <A extends Any>(amount: A, step: A): A => {
  const rest = raw(amount) % raw(step);
  return rest === 0n ? amount : ((raw(amount) - rest + raw(step)) as A);
};
export const isMultiple = <A extends Any>(amount: A, step: A): boolean =>
  raw(amount) % raw(step) === 0n;

/** A float for indicators and gauges only. Never turn it back into money. */
export const approximate = (amount: bigint): number => Number(amount) / 1e18;
