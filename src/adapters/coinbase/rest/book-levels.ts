/** Price levels as the REST books give them. */
// coinbase.md §5.3: bids high to low, asks low to high; a side may be empty.
import { z } from "zod";
import { amount, rows } from "./fields.ts";

export interface LevelWire {
  /** Quote per base. */
  readonly price: string;
  /** Base. */
  readonly size: string;
}

const Level = z.object({ price: amount, size: amount });

export const PriceBook = z.object({
  product_id: z.string(),
  bids: rows(Level),
  asks: rows(Level),
});
