/** Reads the wire vectors and compares shapes: the same keys and the same formats of values. */
// Values differ from run to run; shapes may not.
import { readFileSync } from "node:fs";
import { expect } from "vitest";

export const vectorText = (name: string): string =>
  readFileSync(new URL(`../fixtures/vectors/${name}`, import.meta.url), "utf8");

export const vector = (name: string): unknown => JSON.parse(vectorText(name));

const FORMATS: readonly (readonly [string, RegExp])[] = [
  ["text:time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/],
  ["text:uuid", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  ["text:hex64", /^[0-9a-f]{64}$/],
  ["text:decimal", /^-?\d+(\.\d+)?$/],
  ["text:name", /^[A-Z_]+$/],
];

function format(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "string") return typeof value;
  return FORMATS.find(([, pattern]) => pattern.test(value))?.[0] ?? "text";
}

/** `{"a.b": "text:decimal"}`; the elements of a list are merged under `[]`. */
export function shape(value: unknown, at = ""): Record<string, string> {
  if (Array.isArray(value)) {
    return Object.assign({ [at]: "list" }, ...value.map((each) => shape(each, `${at}[]`)));
  }
  if (typeof value === "object" && value !== null) {
    const parts = Object.entries(value).map(([key, each]) => shape(each, `${at}.${key}`));
    return Object.assign({ [at]: "object" }, ...parts);
  }
  return { [at]: format(value) };
}

/** Places where the recorded value is special and ours is not, or the other way round. */
const LOOSE =
  /(_id|cursor|\.name|base_name|quote_name|message|price_percentage_change_24h|volume_percentage_change_24h|alias|mid_market_price|pricing_tier|vol_to|source_id|target_id)$/;

/** The same keys everywhere, and values of the same formats. */
export function expectShape(given: unknown, name: string): void {
  const [ours, theirs] = [shape(given), shape(vector(name))];
  const keysOf = (of: Record<string, string>): string[] => Object.keys(of).sort();
  expect([name, keysOf(ours)]).toEqual([name, keysOf(theirs)]);
  for (const [path, format] of Object.entries(theirs)) {
    if (LOOSE.test(path) && ours[path]?.startsWith("text") && format.startsWith("text")) continue;
    expect([name, path, ours[path]]).toEqual([name, path, format]);
  }
}
