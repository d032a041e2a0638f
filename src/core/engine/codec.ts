/**
 * Events and checkpoints as JSON text and back, exactly: an amount becomes `{"$n":"0.00152"}` and a map `{"$m":[[k,v],…]}`,
 * so that a reader of the database sees decimals and nothing passes through a float.
 */
import { decimal, parse } from "../kernel/money.ts";
import type { Desk } from "./desk.ts";
import type { EventBody } from "./event.ts";

function pack(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return { $n: decimal(value) };
  if (value instanceof Map) return { $m: [...value] };
  return value;
}

function unpack(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  if ("$n" in value && typeof value.$n === "string") return parse(value.$n);
  if ("$m" in value && Array.isArray(value.$m)) return new Map(value.$m);
  return value;
}

export const encodeEvent = (body: EventBody): string => JSON.stringify(body, pack);
/** The text must come from `encodeEvent`: the journal is ours, its rows are not checked again. */
export const decodeEvent = (text: string): EventBody => JSON.parse(text, unpack) as EventBody;
export const encodeDesk = (desk: Desk): string => JSON.stringify(desk, pack);
export const decodeDesk = (text: string): Desk => JSON.parse(text, unpack) as Desk;
