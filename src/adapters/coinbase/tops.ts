/** Best bids and asks by REST, to compare the stream with. Whoever cannot be asked, or read, is left out. */
import type { Top } from "../../core/engine/input.ts";
import { productId } from "../../core/kernel/ids.ts";
import { price } from "../../core/kernel/money.ts";
import type { Http } from "./call.ts";
import { reading } from "./read.ts";
import { bestBidAsk } from "./rest/best-bid-ask.ts";
import type { ProductWire } from "./rest/products.ts";

/** A product that shares its book may be answered under the other's name: both are asked for. */
export async function topsOf(
  http: Http,
  products: readonly Pick<ProductWire, "id" | "alias">[],
): Promise<readonly Top[]> {
  const named = products.map(({ id, alias }) => {
    const other = reading(() => (alias === null ? id : productId(alias)));
    return { id, other: other.ok ? other.value : id };
  });
  const told = await bestBidAsk(http, [...new Set(named.flatMap(({ id, other }) => [id, other]))]);
  if (!told.ok) return [];
  return named.flatMap(({ id, other }) => {
    const { bid, ask } = told.value.get(id) ?? told.value.get(other) ?? {};
    if (!bid || !ask) return [];
    const top = reading(() => ({ product: id, bid: price(bid.price), ask: price(ask.price) }));
    return top.ok ? [top.value] : [];
  });
}
