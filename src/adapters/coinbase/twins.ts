/** Which of our products an id of the wire speaks for: itself, and the `-USDC` twin whose data arrives under the `-USD` id. */
// coinbase.md §9.6. Market channels only: orders keep their own ids.
import { baseOf, type ProductId, productId, quoteOf } from "../../core/kernel/ids.ts";

/** Bases whose `-USDC` product has a book of its own. */
const OWN_USDC_BOOK = new Set(["USDT", "EURC"]);

/** The ids under which the venue may speak of a product's market. */
export function wireIds(product: ProductId): readonly ProductId[] {
  const base = baseOf(product);
  const shared = quoteOf(product) === "USDC" && !OWN_USDC_BOOK.has(base);
  return shared ? [product, productId(`${base}-USD`)] : [product];
}

/** Our products by id of the wire. */
export type Twins = ReadonlyMap<string, readonly ProductId[]>;

export function twins(products: readonly ProductId[]): Twins {
  const byWire = new Map<string, ProductId[]>();
  for (const product of products) {
    for (const wire of wireIds(product)) {
      byWire.set(wire, [...(byWire.get(wire) ?? []), product]);
    }
  }
  return byWire;
}

/** Our products, those together that share one book. */
export function sharingBooks(products: readonly ProductId[]): readonly (readonly ProductId[])[] {
  const byBook = new Map<string, ProductId[]>();
  for (const product of products) {
    const book = wireIds(product).at(-1) ?? product;
    byBook.set(book, [...(byBook.get(book) ?? []), product]);
  }
  return [...byBook.values()];
}
