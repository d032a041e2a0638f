/** Bars: what happened to a price during one stretch of time. */
import { NO_SIZE, type Price, type Size } from "../kernel/money.ts";
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

/** A bar of no trades: the price stays where the bar before it ended. */
export const flatAfter = ({ close }: Bar, start: Instant): Bar => ({
  start,
  open: close,
  high: close,
  low: close,
  close,
  volume: NO_SIZE,
});
