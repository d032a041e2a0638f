/** A strategy looks at closed bars and says what it wants to hold. It never sees the clock, an order or a limit. */
import type { ProductId } from "../kernel/ids.ts";
import type { Bar } from "../market/candles.ts";

export interface Wish {
  readonly want: "long" | "flat";
  /** One line for people. */
  readonly because: string;
}

export interface Strategy {
  readonly name: string;
  /** Closed bars needed before it has an opinion. */
  readonly warmUpBars: number;
  /** `bars` end with the bar of `product` that just closed. Null: no new opinion. */
  decide(bars: readonly Bar[], product: ProductId): Wish | null;
}

/** The strategy of a single buy that somebody asked for: what it did says nothing of any other. */
export const BY_HAND = "buy-once";
