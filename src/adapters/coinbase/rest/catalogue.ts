/** GET /products without a choice, or its public twin: every spot product, all pages, for people to look at. */
// coinbase.md §3, §5.2. About a thousand rows: what trades asks for its own products only (products.ts).
import { z } from "zod";
import { ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { rows, text, toldFlag } from "./fields.ts";
import { allPages, type Page } from "./paged.ts";
import { type ProductFields, ProductRow, productFields } from "./product-row.ts";

export interface CatalogueRow extends ProductFields {
  readonly id: string;
}

const Reply = z.object({
  products: rows(ProductRow),
  /** Null unless the venue cut the list. */
  pagination: z.object({ has_next: toldFlag, next_cursor: text }).nullish(),
});

export function catalogue(
  http: Http,
  access: "public" | "signed",
): Promise<Result<readonly CatalogueRow[], Fault>> {
  return allPages(async (cursor): Promise<Result<Page<CatalogueRow>, Fault>> => {
    const reply = await http.call({
      method: "GET",
      path: access === "public" ? "/market/products" : "/products",
      query: [["product_type", "SPOT"], ...(cursor === null ? [] : [["cursor", cursor] as const])],
      schema: Reply,
      access,
      pace: "read",
      repeat: "safe",
    });
    if (!reply.ok) return reply;
    const { products, pagination } = reply.value;
    return ok({
      rows: products.map((row) => ({ id: row.product_id, ...productFields(row) })),
      hasNext: pagination?.has_next ?? false,
      cursor: pagination?.next_cursor ?? null,
    });
  });
}
