/** An order at the counter: the request and all that it is judged by. */
// Values only; the judges are check.ts and sense.ts.
import type { Price, Rate } from "../../core/kernel/money.ts";
import type { Product } from "../catalog.ts";
import type { Side } from "../ledger-events.ts";
import type { Book } from "../market/synthetic-book.ts";
import type { Doubts } from "../options.ts";
import type { Draft } from "./configuration.ts";
import type { NewOrder } from "./new-order.ts";

export interface Asked {
  readonly order: NewOrder;
  readonly product: Product;
  readonly book: Book;
  /** Price of the last trade; zero before the first. */
  readonly last: Price;
  readonly taker: Rate;
  /** Of the currency that the order pays with; null when there is no such account. */
  readonly available: bigint | null;
  readonly now: number;
  readonly doubts: Doubts;
}

/** What has been read of an order beside the order itself. */
export interface Read extends Asked {
  readonly draft: Draft;
  readonly side: Side;
}
