/** GET /product_book, or its public twin: the best levels of one product. */
// coinbase.md §5.3. The venue's own mid and spread stay unread: they follow from the levels. The public twin is up to a
// second old.
import { z } from "zod";
import type { ProductId } from "../../../core/kernel/ids.ts";
import { fail, ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { type LevelWire, PriceBook } from "./book-levels.ts";

export interface ProductBookWire {
  /** Highest first. */
  readonly bids: readonly LevelWire[];
  /** Lowest first. */
  readonly asks: readonly LevelWire[];
}

const Reply = z.object({ pricebook: PriceBook });

export async function productBook(
  http: Http,
  ask: {
    readonly product: ProductId;
    /** Levels a side. */
    readonly levels: number;
    readonly access: "public" | "signed";
  },
): Promise<Result<ProductBookWire, Fault>> {
  const reply = await http.call({
    method: "GET",
    path: ask.access === "public" ? "/market/product_book" : "/product_book",
    query: [
      ["product_id", ask.product],
      ["limit", String(ask.levels)],
    ],
    schema: Reply,
    access: ask.access,
    pace: "read",
    repeat: "safe",
  });
  if (!reply.ok) return reply;
  const { product_id, bids, asks } = reply.value.pricebook;
  return product_id === ask.product
    ? ok({ bids, asks })
    : fail({ kind: "shape", detail: `asked for ${ask.product}, told of another product` });
}
