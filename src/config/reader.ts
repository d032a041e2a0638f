/** Turns raw settings into typed values and notes every one that makes no sense, instead of stopping at the first. */
// A wrong value reads as its default, so that the rest can still be checked; the problem is in the list.
import { type Quote, quote } from "../core/kernel/money.ts";
import type { Env } from "./env.ts";
import type { Problem } from "./errors.ts";
import { isSecret, type Key } from "./keys.ts";

export interface Reader {
  readonly problems: Problem[];
  /** The raw text, or `fallback` when it is not set. */
  text(key: Key, fallback: string): string;
  isSet(key: Key): boolean;
  choice<const T extends string>(key: Key, options: readonly T[], fallback: T): T;
  flag(key: Key, fallback: boolean): boolean;
  whole(key: Key, fallback: string, range: { readonly from: number; readonly to: number }): number;
  usd(key: Key, fallback: string): Quote;
  /** A percentage as basis points; null for `none`. */
  percentAsBps(key: Key, fallback: string): number | null;
  matching(key: Key, fallback: string, shape: RegExp, allowed: string): string;
  refuse(key: Key, allowed: string): void;
}

export function reader(env: Env, problems: Problem[]): Reader {
  const raw = (key: Key): string | undefined => env.values.get(key)?.text;
  const refuse = (key: Key, allowed: string): void => {
    const value = env.values.get(key);
    const shown = isSecret(key) ? "" : ` ${JSON.stringify(value?.text ?? "").slice(0, 120)}`;
    problems.push({
      where: `${key}${value?.from ?? ""}`,
      what: `cannot be${shown}`,
      fix: `Allowed: ${allowed}; or unset it for the default`,
    });
  };
  const read = <T>(
    key: Key,
    fallback: string,
    parse: (text: string) => T | undefined,
    allowed: string,
  ): T => {
    const usual = parse(fallback);
    if (usual === undefined) throw new RangeError(`the default of ${key} is not ${allowed}`);
    const text = raw(key);
    if (text === undefined) return usual;
    const parsed = parse(text);
    if (parsed !== undefined) return parsed;
    refuse(key, allowed);
    return usual;
  };
  return {
    problems,
    refuse,
    text: (key, fallback) => raw(key) ?? fallback,
    isSet: (key) => raw(key) !== undefined,
    choice: (key, options, fallback) =>
      read(key, fallback, (text) => options.find((each) => each === text), options.join(", ")),
    flag: (key, fallback) => read(key, String(fallback), flagOf, "true or false"),
    whole: (key, fallback, { from, to }) =>
      read(
        key,
        fallback,
        (text) =>
          /^\d{1,9}$/.test(text) && inside(Number(text), from, to) ? Number(text) : undefined,
        `a whole number from ${from} to ${to}`,
      ),
    usd: (key, fallback) =>
      read(
        key,
        fallback,
        (text) => (/^\d{1,12}(\.\d{1,8})?$/.test(text) ? quote(text) : undefined),
        "an amount such as 25 or 25.50",
      ),
    percentAsBps: (key, fallback) =>
      read(key, fallback, percentOf, "a percentage from 0.01 to 99 such as 0.4, or none"),
    matching: (key, fallback, shape, allowed) =>
      read(key, fallback, (text) => (shape.test(text) ? text : undefined), allowed),
  };
}

const inside = (value: number, from: number, to: number): boolean => value >= from && value <= to;

function flagOf(text: string): boolean | undefined {
  if (/^(1|true|y|yes)$/i.test(text)) return true;
  return /^(0|false|n|no)$/i.test(text) ? false : undefined;
}

function percentOf(text: string): number | null | undefined {
  if (text === "none") return null;
  const bps = /^\d{1,2}(\.\d{1,4})?$/.test(text)
    ? Math.round(Number(text) * 1_000_000) / 10_000
    : 0;
  return inside(bps, 1, 9900) ? bps : undefined;
}
