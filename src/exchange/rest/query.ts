/** Reads query parameters and pages, the same way for every route. */
// A wrong value is a 400 that names the parameter.
import { invalidArgument } from "../errors.ts";

/** A whole number of at least 1; larger ones are cut to `most`. */
export function limitOf(
  query: URLSearchParams,
  { usual, most }: { readonly usual: number; readonly most: number },
): number {
  const text = query.get("limit");
  if (text === null || text === "" || text === "0") return usual;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) {
    throw invalidArgument(`limit must be a whole number, not ${text}`);
  }
  return Math.min(limit, most);
}

/** The values of a repeated key under any of its names; empty when it is absent. */
export const listOf = (query: URLSearchParams, ...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => query.getAll(name)).filter((value) => value !== "");

/**
 * The values of a repeated key that knows only certain words. The word for "nothing" stands for no
 * value at all.
 */
export function wordsOf(
  query: URLSearchParams,
  name: string,
  { words, nothing }: { readonly words: readonly string[]; readonly nothing: string },
): readonly string[] {
  const values = listOf(query, name);
  const wrong = values.find((value) => value !== nothing && !words.includes(value));
  if (wrong !== undefined) throw invalidArgument(`${name} has no value ${wrong.slice(0, 40)}`);
  return values.filter((value) => value !== nothing);
}

/** Of a key that is not repeated the last value counts. */
export const wordOf = (
  query: URLSearchParams,
  name: string,
  of: { readonly words: readonly string[]; readonly nothing: string },
): string | null => wordsOf(query, name, of).at(-1) ?? null;

/** True, false or absent, in any case. */
export function flagOf(query: URLSearchParams, name: string): boolean {
  const text = (query.get(name) ?? "").toLowerCase();
  if (text !== "" && text !== "true" && text !== "false") {
    throw invalidArgument(`${name} must be true or false`);
  }
  return text === "true";
}

export const PRODUCT_TYPES = {
  words: ["SPOT", "FUTURE", "EQUITY", "OPTION_GROUP", "FUTURE_GROUP"],
  nothing: "UNKNOWN_PRODUCT_TYPE",
};
export const EXPIRY_TYPES = {
  words: ["EXPIRING", "PERPETUAL"],
  nothing: "UNKNOWN_CONTRACT_EXPIRY_TYPE",
};
export const SIDES = { words: ["BUY", "SELL"], nothing: "UNKNOWN_ORDER_SIDE" };
export const ORDER_TYPES = {
  words: [
    "MARKET",
    "LIMIT",
    "STOP",
    "STOP_LIMIT",
    "BRACKET",
    "TWAP",
    "ROLL_OPEN",
    "ROLL_CLOSE",
    "LIQUIDATION",
    "SCALED",
  ],
  nothing: "UNKNOWN_ORDER_TYPE",
};

/** Milliseconds of an RFC 3339 parameter, or null. */
export function momentOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === "") return null;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw invalidArgument(`${name} must be an RFC 3339 time`);
  return at;
}

/** Unix seconds of a parameter, or null. */
export function secondsOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === "") return null;
  const at = Number(text);
  if (!Number.isInteger(at) || at < 0) throw invalidArgument(`${name} must be unix seconds`);
  return at;
}

/** Is something that happened `at` still out of sight of a view that stays `lagMs` behind? */
export const isUnseen = (at: number, lagMs: number, now: number): boolean =>
  now >= at && now < at + lagMs;

export interface Page<T> {
  readonly rows: readonly T[];
  readonly hasNext: boolean;
  /** Opaque to clients; empty at the end. */
  readonly cursor: string;
}

/**
 * One page of `rows` (already in the order they are listed in). A cursor names the key of the last
 * row given,
 * so rows that arrive in between neither repeat nor hide others.
 */
export function pageOf<T>(
  rows: readonly T[],
  query: URLSearchParams,
  by: { readonly limit: number; readonly key: (row: T) => string },
): Page<T> {
  const cursor = query.get("cursor") ?? "";
  let start = 0;
  if (cursor !== "") {
    const after = Buffer.from(cursor, "base64url").toString("utf8");
    start = rows.findIndex((row) => by.key(row) === after) + 1;
    if (start === 0) throw invalidArgument("cursor is invalid");
  }
  const page = rows.slice(start, start + by.limit);
  const last = page.at(-1);
  const hasNext = start + page.length < rows.length;
  const next = hasNext && last !== undefined ? Buffer.from(by.key(last)).toString("base64url") : "";
  return { rows: page, hasNext, cursor: next };
}
