/** Routes about products and prices, and their public twins below `/market`. */
// Read only. `-USDC` products answer under their own name with the book they share.
import { decimal, type Price, ratio } from "../../core/kernel/money.ts";
import type { Product } from "../catalog.ts";
import { invalidArgument, notFound } from "../errors.ts";
import type { Request, Route } from "../http.ts";
import { candleBody, pricebook, tradeBody } from "../serialise/book.ts";
import { productBody } from "../serialise/product.ts";
import { seconds } from "../serialise/time.ts";
import type { Venue } from "../venue.ts";
import { limitOf, listOf, secondsOf } from "./query.ts";

const GRANULARITIES: Readonly<Record<string, number>> = {
  ONE_MINUTE: 60,
  FIVE_MINUTE: 300,
  FIFTEEN_MINUTE: 900,
  THIRTY_MINUTE: 1800,
  ONE_HOUR: 3600,
  TWO_HOUR: 7200,
  FOUR_HOUR: 14_400,
  SIX_HOUR: 21_600,
  ONE_DAY: 86_400,
};
const MOST_CANDLES = 350;
const MOST_TRADES = 1000;
const MOST_PRODUCTS = 1000;

type Handler = (venue: Venue, request: Request) => unknown;

const TWINNED: Readonly<Record<string, Handler>> = {
  "/products": products,
  "/products/{product_id}": (venue, { path }) =>
    shown(venue, known(venue, path.get("product_id") ?? "")),
  "/product_book": productBook,
  "/products/{product_id}/candles": candles,
  "/products/{product_id}/ticker": trades,
};

export function marketRoutes(venue: Venue): readonly Route[] {
  const routes: Route[] = [
    { method: "GET", pattern: "/time", needs: "nothing", handle: () => time(venue) },
    {
      method: "GET",
      pattern: "/best_bid_ask",
      needs: "view",
      handle: (request) => bestBidAsk(venue, request),
    },
  ];
  for (const [pattern, handle] of Object.entries(TWINNED)) {
    const one = (request: Request): unknown => handle(venue, request);
    routes.push({ method: "GET", pattern, needs: "view", handle: one });
    routes.push({ method: "GET", pattern: `/market${pattern}`, needs: "nothing", handle: one });
  }
  return routes;
}

function time({ clock }: Venue): Record<string, string> {
  const now = clock.now();
  return {
    iso: seconds(now),
    epochSeconds: String(Math.floor(now / 1000)),
    epochMillis: String(Math.floor(now)),
  };
}

function known({ catalog }: Venue, id: string): Product {
  const product = catalog.get(id);
  if (product === undefined) throw notFound(`product ${id.slice(0, 40)} was not found`);
  return product;
}

const shown = ({ market, catalog, clock }: Venue, product: Product): Record<string, unknown> =>
  productBody(product, { market, catalog, now: clock.now() });

function products(venue: Venue, { query }: Request): unknown {
  const type = query.get("product_type") ?? "";
  const ids = listOf(query, "product_ids");
  const spot = type === "" || type === "SPOT" || type === "UNKNOWN_PRODUCT_TYPE";
  const all = [...venue.catalog.values()].filter(
    ({ id }) => spot && (ids.length === 0 || ids.includes(id)),
  );
  const offset = Number(query.get("offset") ?? "0");
  if (!Number.isInteger(offset) || offset < 0)
    throw invalidArgument("offset must be a whole number");
  const limit = limitOf(query, { usual: MOST_PRODUCTS, most: MOST_PRODUCTS });
  const page = all.slice(offset, offset + limit);
  return {
    products: page.map((product) => shown(venue, product)),
    num_products: page.length,
    pagination: null,
  };
}

function productBook(venue: Venue, { query }: Request): unknown {
  const product = known(venue, query.get("product_id") ?? "");
  const book = venue.market.book(product.book);
  const limit = limitOf(query, { usual: 1000, most: 1000 });
  const bid = book.bids[0]?.price;
  const ask = book.asks[0]?.price;
  const both = bid !== undefined && ask !== undefined;
  const middle = both ? (((bid + ask) / 2n) as Price) : null;
  return {
    pricebook: pricebook(product.id, book, { limit, at: venue.clock.now() }),
    last: decimal(venue.market.last(product.book)),
    mid_market: middle === null ? "" : decimal(middle),
    spread_bps:
      middle === null || !both ? "" : decimal(ratio((ask - bid) as Price, middle) * 10_000n),
    spread_absolute: both ? decimal(ask - bid) : "",
  };
}

function bestBidAsk(venue: Venue, { query }: Request): unknown {
  const asked = listOf(query, "product_ids");
  const ids = asked.length === 0 ? [...venue.catalog.keys()] : asked;
  const pricebooks = ids.map((id) => {
    const product = known(venue, id);
    const at = venue.clock.now();
    return pricebook(product.id, venue.market.book(product.book), { limit: 1, at });
  });
  return { pricebooks };
}

function candles(venue: Venue, { query, path }: Request): unknown {
  const product = known(venue, path.get("product_id") ?? "");
  const length = GRANULARITIES[query.get("granularity") ?? ""];
  const start = secondsOf(query, "start");
  const end = secondsOf(query, "end");
  if (length === undefined) throw invalidArgument("granularity is unknown");
  if (start === null || end === null) throw invalidArgument("start and end are required");
  if (Math.floor((end - start) / length) > MOST_CANDLES) {
    throw invalidArgument("number of candles requested should be less than 350 ");
  }
  const limit = limitOf(query, { usual: MOST_CANDLES, most: MOST_CANDLES });
  const buckets = venue.market.tape(product.book).candles(length, start, end).reverse();
  return { candles: buckets.slice(0, limit).map(candleBody) };
}

function trades(venue: Venue, { query, path }: Request): unknown {
  const product = known(venue, path.get("product_id") ?? "");
  if (query.get("limit") === null) throw invalidArgument("limit is required");
  const limit = limitOf(query, { usual: 100, most: MOST_TRADES });
  const start = secondsOf(query, "start") ?? 0;
  const end = secondsOf(query, "end") ?? Number.MAX_SAFE_INTEGER / 1000 - 1;
  const { bids, asks } = venue.market.book(product.book);
  const wanted = venue.market
    .tape(product.book)
    .trades.filter(({ at }) => at >= start * 1000 && at < (end + 1) * 1000)
    .slice(-limit)
    .reverse();
  return {
    trades: wanted.map((trade) => tradeBody(product.id, trade)),
    best_bid: bids[0] === undefined ? "" : decimal(bids[0].price),
    best_ask: asks[0] === undefined ? "" : decimal(asks[0].price),
  };
}
