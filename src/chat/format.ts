/** Amounts and durations as people read them: thousands separators, a real minus, rounding for the eye only. */
// Nothing here is ever parsed back or sent to a venue.
import {
  decimal,
  negate,
  type Price,
  type Quote,
  type Rate,
  type Size,
} from "../core/kernel/money.ts";

const PLACES = 18n;

/** Half away from zero, to `places`. */
function rounded(amount: bigint, places: number): bigint {
  const step = 10n ** (PLACES - BigInt(places));
  const half = amount < 0n ? -step / 2n : step / 2n;
  return ((amount + half) / step) * step;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Unsigned text with at least `least` places and no more than the amount has. */
function digitsOf(amount: bigint, least: number): string {
  const [whole = "0", places = ""] = decimal(amount < 0n ? -amount : amount).split(".");
  const padded = places.padEnd(least, "0");
  return grouped(whole) + (padded === "" ? "" : `.${padded}`);
}

const minus = (amount: bigint): string => (amount < 0n ? "−" : "");

/** What is too small for cents keeps its first digit that counts. */
function cents(amount: bigint): bigint {
  for (let places = 2; places <= 8; places += 1) {
    const shown = rounded(amount, places);
    if (shown !== 0n || amount === 0n) return shown;
  }
  return 0n;
}

/** `−$3.10` */
export function money(amount: Quote): string {
  const shown = cents(amount);
  return `${minus(shown)}$${digitsOf(shown, 2)}`;
}

/** `made $1.50`, `lost $2.95`: what a closed position came to. */
export const outcome = (amount: Quote): string =>
  amount < 0n ? `lost ${money(negate(amount))}` : `made ${money(amount)}`;

/** `−3.10`, where the currency has been said already. */
export function bareMoney(amount: Quote): string {
  const shown = cents(amount);
  return `${minus(shown)}${digitsOf(shown, 2)}`;
}

/** `$1,200`, `−$150`, `$0.50`: a figure somebody chose, without empty cents. */
export function cap(amount: Quote): string {
  const shown = cents(amount);
  const whole = shown % 10n ** PLACES === 0n;
  return `${minus(shown)}$${digitsOf(shown, whole ? 0 : 2)}`;
}

/** `$99`, `$6.20`: about how much; cents are dropped from ten dollars up. */
export function about(amount: Quote): string {
  const ten = 10n ** (PLACES + 1n);
  const shown = amount >= ten || amount <= -ten ? (rounded(amount, 0) as Quote) : amount;
  return cap(shown);
}

/** `65,084.10`, `0.1234`: two places from ten up, four from one up, eight below. */
export function price(at: Price): string {
  const one = 10n ** PLACES;
  const places = at >= 10n * one ? 2 : at >= one ? 4 : 8;
  return digitsOf(rounded(at, places), 2);
}

/** `0.00152`: at most eight places, cut towards zero, so that never more is shown than is there. */
export function units(of: Size): string {
  const step = 10n ** (PLACES - 8n);
  const shown = (of / step) * step;
  return `${minus(shown)}${digitsOf(shown, 0)}`;
}

/** `2%`, `−0.06%`: two places below one percent, one below ten. */
export function percent(of: Rate): string {
  const hundred = (of as bigint) * 100n;
  const size = hundred < 0n ? -hundred : hundred;
  const one = 10n ** PLACES;
  const shown = rounded(hundred, size >= 10n * one ? 0 : size >= one ? 1 : 2);
  return `${minus(shown)}${digitsOf(shown, 0)}%`;
}

/** `1.2 bp` */
export function basisPoints(of: Rate): string {
  const shown = rounded((of as bigint) * 10_000n, 1);
  return `${minus(shown)}${digitsOf(shown, 0)} bp`;
}

/** `0.4 s`, `12 s`, `3 min`, `2 h`, `4 d` */
export function age(ms: number): string {
  if (ms < 9950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  if (ms < 119_500) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_170_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_000_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** `1 order`, `2 orders` */
export function many(count: number, one: string, more: string = `${one}s`): string {
  return `${grouped(String(count))} ${count === 1 ? one : more}`;
}
