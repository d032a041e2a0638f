/**
 * Events and checkpoints as JSON text and back, exactly: an amount becomes `{"$n":"0.00152"}`, a map `{"$m":[[k,v],…]}` and
 * a set `{"$s":[v,…]}`, so that a reader of the database sees decimals and nothing passes through a float.
 */
import { decimal, parse } from "../kernel/money.ts";
import { type Desk, newDesk } from "./desk.ts";
import type { EventBody } from "./event.ts";

function pack(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return { $n: decimal(value) };
  if (value instanceof Map) return { $m: [...value] };
  if (value instanceof Set) return { $s: [...value] };
  return value;
}

function unpack(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  if ("$n" in value && typeof value.$n === "string") return parse(value.$n);
  if ("$m" in value && Array.isArray(value.$m)) return new Map(value.$m);
  if ("$s" in value && Array.isArray(value.$s)) return new Set(value.$s);
  return value;
}

export const encodeEvent = (body: EventBody): string => JSON.stringify(body, pack);
/** The text must come from `encodeEvent`: the journal is ours, its rows are not checked again. */
export const decodeEvent = (text: string): EventBody => JSON.parse(text, unpack) as EventBody;
export const encodeDesk = (desk: Desk): string => JSON.stringify(desk, pack);
/** What a checkpoint from before there was such a thing lacks is as on a new desk. */
export const decodeDesk = (text: string): Desk => ({
  ...newDesk(),
  ...(JSON.parse(text, unpack) as Desk),
});

/** Whatever else the engine is made of: inputs, settings, the volatile half of the state. */
export const encode = (value: unknown): string => JSON.stringify(value, pack);
/** The text must come from `encode`. */
export const decode = (text: string): unknown => JSON.parse(text, unpack);
