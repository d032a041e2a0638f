/** What can be traded and in which steps, as the venue states it. */
import type { ProductId } from "../kernel/ids.ts";
import type { Price, Quote, Size } from "../kernel/money.ts";

export interface Product {
  readonly id: ProductId;
  /** Every limit price is a multiple of this. */
  readonly priceStep: Price;
  /** Every sum to spend is a multiple of this; absent where the venue does not tell it. */
  readonly quoteStep?: Quote;
  /** Every size is a multiple of this. */
  readonly sizeStep: Size;
  readonly minSize: Size;
  readonly maxSize: Size;
  /** Smallest worth of an order in quote currency. */
  readonly minNotional: Quote;
  readonly maxNotional: Quote;
  /** Why ordinary orders are refused at the moment, in the venue's word (`cancel_only`, …), or null when they are taken. */
  readonly closed: string | null;
  /** The only kind of order that is taken at the moment: any limit order, or one that rests or is refused. Absent: all are. */
  readonly only?: "limit_only" | "post_only";
}
