/** Bars: what happened to a price during one stretch of time. */
import type { Price, Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";

export interface Bar {
  /** First moment of the bar; it ends `barMs` later. */
  readonly start: Instant;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  /** Base traded; zero for a bar carried over a stretch without trades. */
  readonly volume: Size;
}
