/** Moments as the wire writes them: RFC 3339 UTC with the number of digits each place has. */
// Milliseconds in, text out.
import { instant, iso } from "../../core/kernel/time.ts";

export const millis = (at: number): string => iso(instant(at));
export const seconds = (at: number): string => `${millis(at).slice(0, 19)}Z`;
/** `count` fills the three digits after the milliseconds. */
export const micros = (at: number, count = 0): string =>
  `${millis(at).slice(0, -1)}${String(count % 1000).padStart(3, "0")}Z`;
export const nanos = (at: number): string => `${micros(at).slice(0, -1)}000Z`;
/** "Never" on the WebSocket. */
export const NEVER = "0001-01-01T00:00:00Z";
/** Heartbeats carry Go's own print of a time, with the seconds the process has run. */
export const goTime = (at: number, upSeconds: number): string =>
  `${millis(at).slice(0, 10)} ${millis(at).slice(11, -1)}000000 +0000 UTC m=+${upSeconds}.000000001`;
