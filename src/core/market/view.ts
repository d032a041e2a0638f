/** What we believe of one product's price, how old that belief is, and the bars it made. Volatile: gone with the process. */
import { minus, type Price, plus, type Rate, ratio, type Size } from "../kernel/money.ts";
import type { Instant } from "../kernel/time.ts";
import { type Buckets, newBuckets } from "./cross-check.ts";
import type { Depth } from "./depth.ts";
import { newSeries, type Series } from "./series.ts";
import { newTape, type Tape } from "./tape.ts";

export interface TopOfBook {
  readonly bid: Price;
  readonly ask: Price;
  readonly bidSize: Size;
  readonly askSize: Size;
  readonly at: Instant;
}

export interface PriceCheck {
  readonly offBps: number;
  readonly at: Instant;
}

/** The reading of bars from the venue. */
export interface Backfill {
  /** When the reading under way was asked for, or null. */
  askedAt: Instant | null;
  /** Readings in a row that did not help. */
  failures: number;
  nextAt: Instant | null;
}

export interface MarketView extends Series {
  quote: TopOfBook | null;
  depth: (Depth & { readonly at: Instant }) | null;
  /** The last trade since the stream is whole, and when it was made, by our clock. */
  lastTrade: { readonly price: Price; readonly at: Instant } | null;
  /** The last price that a holding could be valued at, however old, also from before the stream broke. */
  lastMark: { readonly price: Price; readonly at: Instant } | null;
  /** How far the stream's price was from the one that the venue gave when it was asked, and when that was; null before. */
  checked: PriceCheck | null;
  /** When a price of any kind was heard last; null when none was since the stream is whole. */
  heardAt: Instant | null;
  /** Start of the newest bar that the strategy was asked about. */
  decided: Instant | null;
  /** Since when bars that the strategy would look at are known to be wrong, or null. */
  doubtfulSince: Instant | null;
  /** Trades that came after their bar had closed, or dated ahead of the venue's clock. */
  lateTrades: number;
  /** Trades are being left out: nothing is whole until that is over. */
  skipping: boolean;
  readonly backfill: Backfill;
  readonly buckets: Buckets;
  readonly tape: Tape;
}

export const newView = (barMs: number): MarketView => ({
  ...newSeries(barMs),
  quote: null,
  depth: null,
  lastTrade: null,
  lastMark: null,
  checked: null,
  heardAt: null,
  decided: null,
  doubtfulSince: null,
  lateTrades: 0,
  skipping: false,
  backfill: { askedAt: null, failures: 0, nextAt: null },
  buckets: newBuckets(),
  tape: newTape(),
});

/** The price halfway between bid and ask, rounded down to 1e-18. */
export const middle = (quote: Pick<TopOfBook, "bid" | "ask">): Price =>
  ((plus(quote.bid, quote.ask) as bigint) / 2n) as Price;
/** A bid below an ask, and both above nothing: what is not so is no price. */
export const isSound = ({ bid, ask }: Pick<TopOfBook, "bid" | "ask">): boolean =>
  bid > 0n && bid < ask;
export const spread = (quote: Pick<TopOfBook, "bid" | "ask">): Rate =>
  ratio(minus(quote.ask, quote.bid), middle(quote));
