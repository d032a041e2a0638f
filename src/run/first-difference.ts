/** Compares two things that should be one: by content, whatever the order in which the keys of an object were written. */
import { encode } from "../core/engine/codec.ts";

/** JSON text with the keys of every object sorted. Maps and lists keep their order: it counts. */
export const canonical = (value: unknown): string => JSON.stringify(sorted(plain(value)));

/** Path and both sides of the first place where they differ, e.g. `.fee: "0.59" and "0.6"`; null when they are equal. */
export const firstDifference = (a: unknown, b: unknown): string | null =>
  difference(sorted(plain(a)), sorted(plain(b)), "");

/** As it is written down: amounts as decimals, maps as lists of pairs. */
const plain = (value: unknown): unknown => JSON.parse(encode(value));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}

function difference(a: unknown, b: unknown, path: string): string | null {
  if (!isTree(a) || !isTree(b) || Array.isArray(a) !== Array.isArray(b)) {
    return Object.is(a, b) ? null : `${path}: ${shown(a)} and ${shown(b)}`;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const here = Array.isArray(a) ? `${path}[${key}]` : `${path}.${key}`;
    const found = difference(a[key], b[key], here);
    if (found !== null) return found;
  }
  return null;
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object";

const LONGEST = 400;

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
