/** Single values of the policy file: caps in their unit, times of day, words out of a list. */
// Each gives undefined after noting what is wrong and how to write it.
import { type ProductId, productId } from "../core/kernel/ids.ts";
import { type Quote, quote, type Size, size } from "../core/kernel/money.ts";
import type { LimitSpec } from "../core/risk/limits.ts";
import { isBeyond, limitRead, limitText, PLAIN_PLACES } from "../core/risk/policy.ts";
import { type Entry, written, type YamlFile } from "./yaml-file.ts";

type Unit = LimitSpec["unit"];

interface UnitWords {
  readonly name: string;
  readonly example: string;
}

const UNITS: { readonly [U in Unit]: UnitWords } = {
  usd: { name: "an amount of quote currency", example: "1000 or 99.50" },
  base: { name: "an amount of base currency", example: "0.25" },
  count: { name: "a count", example: "12" },
  seconds: { name: "seconds", example: "120" },
  bps: { name: "basis points", example: "15" },
  percent: { name: "percent", example: "2.5" },
  times: { name: "how many times", example: "3" },
};

/** What to write for a missing cap. */
export const exampleOf = (key: string, { unit, needed }: LimitSpec): string => {
  const number = UNITS[unit].example.split(" ")[0] ?? "";
  return needed === true ? number : `${number}\` or, for no limit, \`${key}: null`;
};

export type Amount = Quote | Size | number;

/** A cap by its specification; null is no limit. */
export function cap(file: YamlFile, entry: Entry, spec: LimitSpec): Amount | null | undefined {
  const { unit, needed, aboveZero } = spec;
  const { name, example } = UNITS[unit];
  const refuse = (what: string, fix: string): undefined => {
    file.refuse(entry.where, what, fix);
    return undefined;
  };
  const text = written(entry.node);
  if (text === undefined) return refuse(`not ${name}`, `Write ${name}, e.g. ${example}`);
  if (text === null) {
    if (needed !== true) return null;
    return refuse("must not be without a limit", `Write ${name}, e.g. ${example}`);
  }
  const shown = JSON.stringify(text);
  const plain = /^[\s$€]*([\d.,]+)\s*([a-z%$€]*)$/i.exec(text);
  if (/^-\s*[\d.]+$/.test(text)) {
    return refuse(
      `${shown} is negative`,
      `Write it without the minus sign: ${text.slice(1).trim()}`,
    );
  }
  if (!/^\d{1,15}(\.\d{1,18})?$/.test(text)) {
    const bare = plain?.[1]?.replaceAll(",", "");
    if (bare === undefined)
      return refuse(`${shown} is not ${name}`, `Write a plain number, e.g. ${example}`);
    return refuse(`${shown} is not a plain number`, `The unit is ${name}; write e.g. ${bare}`);
  }
  const or = needed === true ? "" : ", or null for no limit";
  if (aboveZero === true && /^[0.]+$/.test(text)) {
    return refuse("must be more than 0", `Write a number above 0${or}`);
  }
  if (unit === "count" && !/^\d+$/.test(text)) {
    return refuse(`${shown} is not a whole number`, `Write a whole number, e.g. ${example}`);
  }
  const value = amountOf(unit, text);
  if (isBeyond(spec, value)) {
    return refuse(`${shown} is more than ${spec.greatest}`, `Write at most ${spec.greatest}${or}`);
  }
  if (typeof value === "number" && limitRead(spec, limitText(value)) !== value) {
    const cut = `${text.slice(0, text.indexOf(".") + 1 + PLAIN_PLACES)}`;
    const what = `${shown} has more than ${PLAIN_PLACES} decimals`;
    return refuse(what, `Write at most ${PLAIN_PLACES} decimals, e.g. ${cut}`);
  }
  return value;
}

function amountOf(unit: Unit, text: string): Amount {
  if (unit === "usd") return quote(text);
  return unit === "base" ? size(text) : Number(text);
}

/** One word out of a list. */
export function word<const T extends string>(
  file: YamlFile,
  entry: Entry,
  options: readonly T[],
): T | undefined {
  const text = written(entry.node);
  const found = options.find((option) => option === text);
  if (found === undefined) {
    const shown = typeof text === "string" ? JSON.stringify(text) : "this";
    file.refuse(entry.where, `${shown} is not allowed`, `Allowed: ${options.join(", ")}`);
  }
  return found;
}

/** `13:20` as minutes since midnight. */
export function timeOfDay(file: YamlFile, entry: Entry): number | undefined {
  const text = written(entry.node) ?? "";
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours !== undefined && minutes !== undefined) return Number(hours) * 60 + Number(minutes);
  const fix = 'Write hours and minutes from "00:00" to "23:59", e.g. "13:20"';
  file.refuse(entry.where, `${JSON.stringify(text)} is not a time of day`, fix);
  return undefined;
}

export function product(file: YamlFile, entry: Entry, text: string): ProductId | undefined {
  if (/^[A-Z0-9]+-[A-Z0-9]+$/.test(text)) return productId(text);
  file.refuse(entry.where, `${JSON.stringify(text)} is not a product`, "Write it as BTC-USD");
  return undefined;
}
