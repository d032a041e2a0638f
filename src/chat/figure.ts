/** Machine-readable figures (exact decimal text and a unit) as people read them. */
import { parse, type Quote } from "../core/kernel/money.ts";
import { clean } from "./clean.ts";
import { cap } from "./format.ts";

export type FigureUnit =
  | "usd"
  | "base"
  | "bps"
  | "percent"
  | "times"
  | "s"
  | "seconds"
  | "count"
  | "state"
  | "text";

function exact(text: string): bigint | null {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

/** `$1,200`, `62 bp`, `3.2 s`, `0.5 units`, `5`; text that is no decimal is shown as it is, cleaned. */
export function figure(text: string, unit: FigureUnit): string {
  const amount = exact(text);
  if (amount === null || unit === "state" || unit === "text") return clean(text, 60);
  if (unit === "usd") return cap(amount as Quote);
  const plain = text.replace(/^-/, "−");
  if (unit === "base") return `${plain} units`;
  if (unit === "bps") return `${plain} bp`;
  if (unit === "percent") return `${plain} %`;
  if (unit === "times") return `${plain}×`;
  return unit === "s" || unit === "seconds" ? `${plain} s` : plain;
}

/** `−$151.20`: the size of a loss, whatever sign it was written with. */
export function loss(text: string): string {
  const amount = exact(text);
  if (amount === null) return clean(text, 60);
  return cap((amount > 0n ? -amount : amount) as Quote);
}
