/** Where prices come from. What it hears it hands to the listener at once; it never throws into it. */
import type { InputBody } from "../core/engine/input.ts";
import type { ProductId } from "../core/kernel/ids.ts";
import type { Bar } from "../core/market/candles.ts";

export type MarketInput = Extract<
  InputBody,
  {
    kind:
      | "market.quote"
      | "market.depth"
      | "market.trade"
      | "market.candle"
      | "market.history"
      | "market.skipped"
      | "feed.alive"
      | "feed.broken";
  }
>;

export interface Feed {
  /** Opens the stream and keeps it open until `stop`: reconnecting, resubscribing, saying `feed.broken` at every break. */
  start(hear: (input: MarketInput) => void): void;
  /** Closed bars of `barMs` before now, oldest first, at most `count`; fewer when the venue has fewer. */
  history(product: ProductId, barMs: number, count: number): Promise<readonly Bar[]>;
  stop(): Promise<void>;
}
