/** Routes about prices, and the public twins of them and of the products below `/market`. */
// Read only. Answers below `/market` are kept for a moment, as the live service keeps them.
import { decimal, isMultiple, type Price, parse, ratio } from "../../core/kernel/money.ts";
import { invalidArgument } from "../errors.ts";
import type { Request, Route } from "../route.ts";
import { candleBody, gathered, pricebook, tradeBody } from "../serialise/book.ts";
import { seconds } from "../serialise/time.ts";
import type { Venue } from "../venue.ts";
import { known, product, products } from "./products.ts";
import { limitOf, listOf, secondsOf } from "./query.ts";
import { remembering } from "./remembering.ts";

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
const MOST_LEVELS = 1000;

type Handler = (venue: Venue, request: Request) => unknown;

const TWINNED: Readonly<Record<string, Handler>> = {
  "/products": products,
  "/products/{product_id}": product,
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
  for (const [pattern, handler] of Object.entries(TWINNED)) {
    const handle = (request: Request): unknown => handler(venue, request);
    routes.push({ method: "GET", pattern, needs: "view", handle });
    const remembered = remembering(venue, handle);
    routes.push({
      method: "GET",
      pattern: `/market${pattern}`,
      needs: "nothing",
      handle: remembered,
    });
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

function productBook(venue: Venue, { query }: Request): unknown {
  const { id, book: bookId, priceStep } = known(venue, query.get("product_id") ?? "");
  const book = venue.market.book(bookId);
  const limit = limitOf(query, { usual: MOST_LEVELS, most: MOST_LEVELS });
  const increment = incrementOf(query, priceStep);
  const bid = book.bids[0]?.price;
  const ask = book.asks[0]?.price;
  const both = bid !== undefined && ask !== undefined;
  const middle = both ? (((bid + ask) / 2n) as Price) : null;
  const shown = increment === null ? book : gathered(book, increment);
  return {
    pricebook: pricebook(id, shown, { limit, at: venue.clock.now() }),
    last: decimal(venue.market.last(bookId)),
    mid_market: middle === null ? "" : decimal(middle),
    spread_bps:
      middle === null || !both ? "" : decimal(ratio((ask - bid) as Price, middle) * 10_000n),
    spread_absolute: both ? decimal(ask - bid) : "",
  };
}

/** Levels can be gathered on whole multiples of the product's own increment. */
function incrementOf(query: URLSearchParams, step: Price): Price | null {
  const text = query.get("aggregation_price_increment");
  if (text === null || text === "") return null;
  const wrong = invalidArgument("aggregation_price_increment must be a multiple of the increment");
  if (!/^\d*\.?\d+$/.test(text)) throw wrong;
  const increment = parse(text) as Price;
  if (increment <= 0n || !isMultiple(increment, step)) throw wrong;
  return increment;
}

function bestBidAsk(venue: Venue, { query }: Request): unknown {
  const asked = listOf(query, "product_ids");
  const ids = asked.length === 0 ? [...venue.catalog.keys()] : asked;
  const pricebooks = ids.map((id) => {
    const { id: name, book } = known(venue, id);
    return pricebook(name, venue.market.book(book), { limit: 1, at: venue.clock.now() });
  });
  return { pricebooks };
}

function candles(venue: Venue, { query, path }: Request): unknown {
  const { book } = known(venue, path.get("product_id") ?? "");
  const length = GRANULARITIES[query.get("granularity") ?? ""];
  const start = secondsOf(query, "start");
  const end = secondsOf(query, "end");
  if (length === undefined) throw invalidArgument("granularity is unknown");
  if (start === null || end === null) throw invalidArgument("start and end are required");
  if (end < start) throw invalidArgument("end must not be before start");
  if (Math.floor((end - start) / length) > MOST_CANDLES) {
    throw invalidArgument("number of candles requested should be less than 350 ");
  }
  const limit = limitOf(query, { usual: MOST_CANDLES, most: MOST_CANDLES });
  const buckets = venue.market.tape(book).candles(length, start, end).reverse();
  return { candles: buckets.slice(0, limit).map(candleBody) };
}

function trades(venue: Venue, { query, path }: Request): unknown {
  const { id, book } = known(venue, path.get("product_id") ?? "");
  if (query.get("limit") === null) throw invalidArgument("limit is required");
  const limit = limitOf(query, { usual: 100, most: MOST_TRADES });
  const start = secondsOf(query, "start") ?? 0;
  const end = secondsOf(query, "end") ?? Number.MAX_SAFE_INTEGER / 1000 - 1;
  const { bids, asks } = venue.market.book(book);
  const wanted = venue.market
    .tape(book)
    .trades.filter(({ at }) => at >= start * 1000 && at < (end + 1) * 1000)
    .slice(-limit)
    .reverse();
  return {
    trades: wanted.map((trade) => tradeBody(id, trade)),
    best_bid: bids[0] === undefined ? "" : decimal(bids[0].price),
    best_ask: asks[0] === undefined ? "" : decimal(asks[0].price),
  };
}
