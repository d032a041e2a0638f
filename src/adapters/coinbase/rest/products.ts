/** GET /products, or its public twin: steps, bounds and trading flags of the products asked for. */
// coinbase.md §5.2. A product that is missing from the reply is a fault: trading it blindly is not an option.
import { z } from "zod";
import type { ProductId } from "../../../core/kernel/ids.ts";
import { fail, ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { rows } from "./fields.ts";
import { type ProductFields, ProductRow, productFields } from "./product-row.ts";

export interface ProductWire extends ProductFields {
  readonly id: ProductId;
}

const Reply = z.object({ products: rows(ProductRow) });

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
    repeat: "safe",
  });
  if (!reply.ok) return reply;
  const found: ProductWire[] = [];
  for (const id of ids) {
    const row = reply.value.products.find((each) => each.product_id === id);
    if (!row) return fail({ kind: "shape", detail: `the venue does not list ${id}` });
    found.push({ id, ...productFields(row) });
  }
  return ok(found);
}
