/** Reading and changing single caps of a policy by the name people use for them, and telling which way risk lies. */
import { type ProductId, productId } from "../kernel/ids.ts";
import {
  decimal,
  minus,
  plus,
  type Quote,
  quote,
  rate,
  type Size,
  size,
  times,
} from "../kernel/money.ts";
import {
  BREAKER_LIMITS,
  type LimitSpec,
  PORTFOLIO_LIMITS,
  type Policy,
  PRODUCT_LIMITS,
} from "./limits.ts";

/** `null` is no limit. Amounts are exact, counts, seconds and basis points are plain numbers. */
export type LimitValue = Quote | Size | number | null;

export interface LimitRow {
  readonly key: string;
  readonly spec: LimitSpec;
  readonly value: LimitValue;
}

interface Section {
  readonly specs: Readonly<Record<string, LimitSpec>>;
  readonly values: Readonly<Record<string, LimitValue>>;
}

/** Every cap in the order of the file. */
export function limitRows(policy: Policy): readonly LimitRow[] {
  return sections(policy).flatMap(([prefix, section]) =>
    Object.entries(section.specs).map(([name, spec]) => ({
      key: `${prefix}.${name}`,
      spec,
      value: section.values[name] ?? null,
    })),
  );
}

function sections(policy: Policy): readonly (readonly [string, Section])[] {
  return [
    ["portfolio", { specs: PORTFOLIO_LIMITS, values: policy.portfolio }],
    ...[...policy.per_symbol].map(
      ([product, values]) => [`per_symbol.${product}`, { specs: PRODUCT_LIMITS, values }] as const,
    ),
    ["circuit_breakers", { specs: BREAKER_LIMITS, values: policy.circuit_breakers }],
  ];
}

export const findLimit = (policy: Policy, key: string): LimitRow | null =>
  limitRows(policy).find((row) => row.key === key) ?? null;

/** The policy with one cap replaced. The key must exist. */
export function withLimit(policy: Policy, key: string, value: LimitValue): Policy {
  const name = key.slice(key.lastIndexOf(".") + 1);
  const section = key.slice(0, key.lastIndexOf("."));
  if (section === "portfolio")
    return { ...policy, portfolio: { ...policy.portfolio, [name]: value } };
  if (section === "circuit_breakers") {
    return { ...policy, circuit_breakers: { ...policy.circuit_breakers, [name]: value } };
  }
  const product: ProductId = productId(section.slice("per_symbol.".length));
  const limits = policy.per_symbol.get(product);
  if (!limits) throw new RangeError(`no such limit: ${key}`);
  return {
    ...policy,
    per_symbol: new Map(policy.per_symbol).set(product, { ...limits, [name]: value }),
  };
}

/** Exact text of a value in its unit: `150`, `0.5`, `none`. */
export function limitText(value: LimitValue): string {
  if (value === null) return "none";
  if (typeof value === "bigint") return decimal(value);
  if (value >= LEAST_WITH_EXPONENT) return BigInt(value).toString();
  return value.toFixed(PLAIN_PLACES).replace(/\.?0+$/, "");
}

/** From here on `toFixed` writes an exponent. */
const LEAST_WITH_EXPONENT = 1e21;

/** Counts, seconds and basis points have at most this many decimals: their text reads back as the same value. */
export const PLAIN_PLACES = 4;

/** Reads a value back from a journal, and never throws: what it cannot read is undefined. Whether it fits is not asked. */
export function limitRead({ unit }: LimitSpec, text: string): LimitValue | undefined {
  if (text === "none") return null;
  if (!/^\d+(\.\d{1,18})?$/.test(text)) return undefined;
  if (unit === "usd") return quote(text);
  if (unit === "base") return size(text);
  const plain = Number(text);
  return Number.isFinite(plain) ? plain : undefined;
}

/**
 * Reads what a person typed for a cap: a decimal, `+10%` or `-10%` of the present value, or `none`.
 * @throws RangeError with a sentence for that person.
 */
export function limitFrom(row: LimitRow, text: string): LimitValue {
  const typed = text.trim().replace(/^\$/, "").replaceAll(",", "");
  if (typed === "none" || typed === "null") return null;
  const percent = /^([+-])(\d+(?:\.\d+)?)%$/.exec(typed);
  if (percent) return relative(row, percent[1] === "-", percent[2] ?? "0");
  if (!/^\d+(\.\d+)?$/.test(typed)) {
    throw new RangeError(`${row.key} takes a number, +10%, -10% or none; got "${text}"`);
  }
  if (row.spec.unit === "usd") return quote(typed);
  if (row.spec.unit === "base") return size(typed);
  if ((typed.split(".")[1]?.length ?? 0) > PLAIN_PLACES) {
    throw new RangeError(`${row.key} takes at most ${PLAIN_PLACES} decimals; got "${text}"`);
  }
  const plain = Number(typed);
  if (row.spec.unit === "count" && !Number.isInteger(plain)) {
    throw new RangeError(`${row.key} takes a whole number; got "${text}"`);
  }
  return plain;
}

function relative(row: LimitRow, down: boolean, percent: string): LimitValue {
  if (row.value === null)
    throw new RangeError(`${row.key} has no value now, so no percentage of it`);
  const by = times(rate(percent), rate("0.01"));
  if (down && by > rate("1")) throw new RangeError(`${row.key} cannot fall below zero`);
  if (typeof row.value === "bigint") {
    const part = times(row.value, by);
    return down ? minus(row.value, part) : plus(row.value, part);
  }
  const changed = row.value * (1 + ((down ? -1 : 1) * Number(percent)) / 100);
  if (row.spec.unit === "count") return Math.floor(changed);
  return Math.floor(changed * 10 ** PLAIN_PLACES) / 10 ** PLAIN_PLACES;
}

/** Whether going from one value to another lets more risk in. */
export function isRaise(spec: LimitSpec, from: LimitValue, to: LimitValue): boolean {
  if (from === to || from === null) return false;
  if (to === null) return true;
  return spec.riskier === "more" ? to > from : to < from;
}

/** Why a value makes no sense for its cap, as a sentence without its end; null when it does. */
export function unfit({ key, spec }: LimitRow, value: LimitValue): string | null {
  if (value === null) return spec.needed === true ? `${key} must not be without a limit` : null;
  const or = spec.needed === true ? "" : ", or none";
  if (spec.aboveZero === true && Number(value) <= 0) return `${key} must be more than 0${or}`;
  if (isBeyond(spec, value)) return `${key} must be at most ${spec.greatest}${or}`;
  if (limitRead(spec, limitText(value)) === value) return null;
  return `${key} takes at most ${PLAIN_PLACES} decimals`;
}

/** Above the greatest value of its cap, or no number at all. */
export const isBeyond = ({ greatest }: LimitSpec, value: Quote | Size | number): boolean =>
  typeof value === "bigint" ? value > quote(String(greatest)) : !(value <= greatest);
