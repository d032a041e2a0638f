/** GET /products, or its public twin: steps, bounds and trading flags of the products asked for. */
// coinbase.md §5.2. A product that is missing from the reply is a fault: trading it blindly is not an option.
import { z } from "zod";
import type { ProductId } from "../../../core/kernel/ids.ts";
import { fail, ok, type Result } from "../../../core/kernel/result.ts";
import type { Fault, Http } from "../http.ts";
import { flag, list, text } from "./fields.ts";

export interface ProductWire {
  readonly id: ProductId;
  /** Null when the venue leaves it out; then `quoteStep` stands in. */
  readonly priceStep: string | null;
  readonly quoteStep: string | null;
  readonly sizeStep: string | null;
  readonly minSize: string | null;
  readonly maxSize: string | null;
  readonly minNotional: string | null;
  readonly maxNotional: string | null;
  /** Why ordinary orders are refused, or null. */
  readonly closed: string | null;
}

const Row = z.object({
  product_id: z.string(),
  price_increment: text,
  quote_increment: text,
  base_increment: text,
  base_min_size: text,
  base_max_size: text,
  quote_min_size: text,
  quote_max_size: text,
  status: text,
  trading_disabled: flag,
  is_disabled: flag,
  cancel_only: flag,
  post_only: flag,
  view_only: flag,
  auction_mode: flag,
});
const Reply = z.object({ products: list(Row) });

const FLAGS = [
  "trading_disabled",
  "is_disabled",
  "cancel_only",
  "view_only",
  "auction_mode",
  "post_only",
] as const;

function closedBy(row: z.output<typeof Row>): string | null {
  const raised = FLAGS.find((name) => row[name]);
  if (raised) return raised;
  return row.status === "online" ? null : `status ${row.status ?? "unknown"}`;
}

export async function products(
  http: Http,
  ids: readonly ProductId[],
  access: "public" | "signed",
): Promise<Result<readonly ProductWire[], Fault>> {
  const reply = await http.call({
    method: "GET",
    path: access === "public" ? "/market/products" : "/products",
    query: [
      ...ids.map((id) => ["product_ids", id] as const),
      ...(access === "public" ? [] : [["get_tradability_status", "true"] as const]),
    ],
    schema: Reply,
    access,
    pace: "read",
  });
  if (!reply.ok) return reply;
  const found: ProductWire[] = [];
  for (const id of ids) {
    const row = reply.value.products.find((each) => each.product_id === id);
    if (!row) return fail({ kind: "shape", detail: `the venue does not list ${id}` });
    found.push({
      id,
      priceStep: row.price_increment,
      quoteStep: row.quote_increment,
      sizeStep: row.base_increment,
      minSize: row.base_min_size,
      maxSize: row.base_max_size,
      minNotional: row.quote_min_size,
      maxNotional: row.quote_max_size,
      closed: closedBy(row),
    });
  }
  return ok(found);
}
