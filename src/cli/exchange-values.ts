/** How single values on the command line of `exchange` are read: numbers with bounds, words, and lists of both. */
// Every refusal names the flag, what was given and what would do.
import { UsageError } from "./flags.ts";

/** Reads what was given for a flag, or for one name within it. @throws UsageError */
export type Pair<T> = (flag: string, text: string) => T;

export const number: Pair<number> = (flag, text) => {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`${flag} must be a number, not "${text}"`);
  return Number(text);
};

export const bounded =
  (of: {
    readonly least: number;
    readonly most: number;
    readonly unit: string;
    readonly whole: boolean;
  }): Pair<number> =>
  (flag, text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    const fits = value >= of.least && value <= of.most && (!of.whole || Number.isInteger(value));
    if (fits) return value;
    const kind = of.whole ? "a whole number" : "a number";
    throw new UsageError(
      `${flag} must be ${kind} from ${of.least} to ${of.most} (${of.unit}), not "${text}"`,
    );
  };

export const oneOf =
  <T extends string>(...words: readonly T[]): Pair<T> =>
  (flag, text) => {
    const word = words.find((one) => one === text);
    if (word !== undefined) return word;
    const last = words.length - 1;
    const choice = [words.slice(0, last).join(", "), words[last]].join(" or ");
    throw new UsageError(`${flag} must be ${choice}, not "${text}"`);
  };

/** `a,b`. */
export const listed: Pair<readonly string[]> = (flag, text) => {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.every((part) => part !== "")) return parts;
  throw new UsageError(`${flag} must be names with commas between, not "${text}"`);
};

/** `a=1,b=2`, each name once and only names that there are; a name alone has an empty value. */
export function pairs<T extends Readonly<Record<string, Pair<unknown>>>>(
  flag: string,
  text: string,
  names: T,
): { readonly [K in keyof T]?: ReturnType<T[K]> } {
  const out: Record<string, unknown> = {};
  for (const part of listed(flag, text)) {
    const [name = "", ...rest] = part.split("=");
    const read = Object.hasOwn(names, name) ? names[name] : undefined;
    if (read === undefined) {
      throw new UsageError(`${flag} has no "${name}"; it has ${Object.keys(names).join(", ")}`);
    }
    if (name in out) throw new UsageError(`${flag} names "${name}" twice`);
    out[name] = read(`${flag} ${name}`, rest.join("="));
  }
  return out as { readonly [K in keyof T]?: ReturnType<T[K]> };
}
