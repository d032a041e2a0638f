/** GET /best_bid_ask: the top of the book of the products asked for. */
// coinbase.md §5.3. There is no public twin. A product the venue leaves out is absent from the answer.
import { z } from "zod";
import type { ProductId } from "../../../core/kernel/ids.ts";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { type LevelWire, PriceBook } from "./book-levels.ts";
import { rows } from "./fields.ts";

export interface TopWire {
  /** Null while that side is empty. */
  readonly bid: LevelWire | null;
  readonly ask: LevelWire | null;
}

const Reply = z.object({ pricebooks: rows(PriceBook) });

export async function bestBidAsk(
  http: Http,
  products: readonly ProductId[],
): Promise<Result<ReadonlyMap<ProductId, TopWire>, Fault>> {
  const reply = await http.call({
    method: "GET",
    path: "/best_bid_ask",
    query: products.map((id) => ["product_ids", id] as const),
    schema: Reply,
    access: "signed",
    pace: "read",
    repeat: "safe",
  });
  if (!reply.ok) return reply;
  const tops = new Map<ProductId, TopWire>();
  for (const id of products) {
    const book = reply.value.pricebooks.find((each) => each.product_id === id);
    if (book) tops.set(id, { bid: book.bids[0] ?? null, ask: book.asks[0] ?? null });
  }
  return ok(tops);
}
