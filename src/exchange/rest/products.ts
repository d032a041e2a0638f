/** Routes about products: what is on offer, and one of them. */
// `-USDC` products answer under their own name with the prices of the book they share.
import type { Product } from "../catalog.ts";
import { invalidArgument, notFound } from "../errors.ts";
import type { Request } from "../route.ts";
import { productBody } from "../serialise/product.ts";
import type { Venue } from "../venue.ts";
import { EXPIRY_TYPES, flagOf, limitOf, listOf, PRODUCT_TYPES, pageOf, wordOf } from "./query.ts";

const MOST_PRODUCTS = 1000;
const SORTS = {
  words: ["PRODUCTS_SORT_ORDER_VOLUME_24H_DESCENDING", "PRODUCTS_SORT_ORDER_LIST_TIME_DESCENDING"],
  nothing: "PRODUCTS_SORT_ORDER_UNDEFINED",
};

export function known({ catalog }: Venue, id: string): Product {
  const product = catalog.get(id);
  if (product === undefined) throw notFound(`product ${id.slice(0, 40)} was not found`);
  return product;
}

/** Whether it may only be looked at is told to those who sign and ask for it. */
const shown = (
  { market, catalog, clock }: Venue,
  product: Product,
  { key, query }: Request,
): Record<string, unknown> => {
  const asked = flagOf(query, "get_tradability_status");
  const body = productBody(product, { market, catalog, now: clock.now() });
  return asked && key !== null ? body : { ...body, view_only: false };
};

export const product = (venue: Venue, request: Request): unknown =>
  shown(venue, known(venue, request.path.get("product_id") ?? ""), request);

/** Pages by offset, or by cursor; only the latter tells of other pages. */
export function products(venue: Venue, request: Request): unknown {
  const { query } = request;
  const all = wanted(venue, query);
  const limit = limitOf(query, { usual: MOST_PRODUCTS, most: MOST_PRODUCTS });
  const byCursor = query.has("cursor") || (query.has("limit") && !query.has("offset"));
  const offset = Number(query.get("offset") ?? "0");
  if (!Number.isInteger(offset) || offset < 0) {
    throw invalidArgument("offset must be a whole number");
  }
  if (!byCursor) return listing(venue, request, all.slice(offset, offset + limit), null);
  const page = pageOf(all, query, { limit, key: ({ id }) => id });
  const first = all.findIndex(({ id }) => id === page.rows[0]?.id);
  const before = all[first - limit - 1]?.id ?? "";
  const pagination = {
    prev_cursor: first > limit ? Buffer.from(before).toString("base64url") : "",
    next_cursor: page.cursor,
    has_next: page.hasNext,
    has_prev: first > 0,
  };
  return listing(venue, request, page.rows, pagination);
}

const listing = (
  venue: Venue,
  request: Request,
  rows: readonly Product[],
  pagination: Record<string, unknown> | null,
): Record<string, unknown> => ({
  products: rows.map((each) => shown(venue, each, request)),
  num_products: rows.length,
  pagination,
});

function wanted({ catalog, market, clock }: Venue, query: URLSearchParams): readonly Product[] {
  const type = wordOf(query, "product_type", PRODUCT_TYPES);
  const expiry = wordOf(query, "contract_expiry_type", EXPIRY_TYPES);
  const ids = listOf(query, "product_ids");
  flagOf(query, "get_all_products");
  const futures = (type !== null && type !== "SPOT") || expiry !== null;
  const rows = [...catalog.values()].filter(
    ({ id }) => !futures && (ids.length === 0 || ids.includes(id)),
  );
  if (wordOf(query, "products_sort_order", SORTS) !== SORTS.words[0]) return rows;
  const volume = ({ book }: Product): bigint => market.tape(book).day(clock.now())?.volume ?? 0n;
  return rows.sort((a, b) => (volume(a) < volume(b) ? 1 : volume(a) > volume(b) ? -1 : 0));
}
