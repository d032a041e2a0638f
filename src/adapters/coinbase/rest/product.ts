/** GET one product, or its public twin. */
// coinbase.md §5.2: the reply is the bare product. An unknown id is a fault with the venue's word.
import type { ProductId } from "../../../core/kernel/ids.ts";
import { fail, ok, type Result } from "../../../core/kernel/result.ts";
import type { Http } from "../call.ts";
import type { Fault } from "../fault.ts";
import { ProductRow, productFields } from "./product-row.ts";
import type { ProductWire } from "./products.ts";

export async function product(
  http: Http,
  id: ProductId,
  access: "public" | "signed",
): Promise<Result<ProductWire, Fault>> {
  const reply = await http.call({
    method: "GET",
    path: `${access === "public" ? "/market" : ""}/products/${id}`,
    query: access === "public" ? [] : [["get_tradability_status", "true"]],
    schema: ProductRow,
    access,
    pace: "read",
    repeat: "safe",
  });
  if (!reply.ok) return reply;
  return reply.value.product_id === id
    ? ok({ id, ...productFields(reply.value) })
    : fail({ kind: "shape", detail: `asked for ${id}, told of another product` });
}
