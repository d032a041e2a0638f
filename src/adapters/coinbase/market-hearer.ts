/** Listens to one market connection: books, quotes, trades, buckets and states of products become market inputs. */
// Quotes come from a book while it is whole, and from tickers until then. It lives and dies with its connection.
import type { ProductId } from "../../core/kernel/ids.ts";
import type { Depth } from "../../core/market/depth.ts";
import type { MarketInput } from "../../ports/feed.ts";
import { awaitBooks, rebuildBooks } from "./book-care.ts";
import { type BookTeller, bookTeller } from "./book-teller.ts";
import { createBooks } from "./books.ts";
import type { Hearer, Line } from "./connection.ts";
import type { FrameBody, NumberedFrame } from "./frame.ts";
import { type QuoteRead, reading, readQuote } from "./read.ts";
import { oldestFirst, readBucket } from "./read-stream.ts";
import type { StreamWorld } from "./stream-world.ts";
import { type Twins, wireIds } from "./twins.ts";
import type { BucketWire, StatusWire, TickerWire } from "./wire.ts";

export interface MarketTalk {
  readonly products: readonly ProductId[];
  readonly twins: Twins;
  readonly say: (input: MarketInput) => void;
  readonly alive: () => void;
  /** Of an acknowledgement: what the connection is subscribed to. */
  readonly subscribed: (set: ReadonlyMap<string, readonly string[]>) => void;
  /** True once per trade of a product, over all connections. */
  readonly isNew: (product: ProductId, tradeId: string) => boolean;
  readonly status: (row: StatusWire) => void;
  /** How often each book is begun anew from a fresh snapshot. */
  readonly rebuildMs: number;
}

export function marketHearer(talk: MarketTalk, world: StreamWorld, line: Line): Hearer {
  const { twins } = talk;
  const books = createBooks();
  const tellers = bookTellers(talk, world);
  const isWhole = (wireId: string): boolean => books.whole(wireId) !== null;
  const awaited = awaitBooks(talk.products, world, line, isWhole);
  const plan = { products: talk.products, everyMs: talk.rebuildMs };
  const stopRebuilding = rebuildBooks(plan, world, line, (product) => {
    for (const wireId of wireIds(product)) {
      books.forget(wireId);
      tellers.forget(wireId);
    }
    awaited.expect(product);
  });

  const onBooks = ({ body, rejected }: NumberedFrame): string | null => {
    if (body.channel !== "level2") return null;
    for (const event of body.events) {
      if (!twins.has(event.wireId)) continue;
      const cause = books.apply(event);
      if (cause !== null) return cause;
      const book = books.whole(event.wireId);
      if (book) tellers.of(event.wireId).changed(book);
      if (event.type === "snapshot") awaited.came(event.wireId);
    }
    return rejected[0] === undefined ? null : `a book cannot be read: ${rejected[0]}`;
  };
  const rows = rowHearer(talk, world, (wireId, quote) => {
    const book = books.whole(wireId);
    if (book === null) return false;
    // A match that left the top as the book has it confirms the book's price; anything else is the book's to tell.
    const agrees = book.best("bid")?.price === quote.bid && book.best("ask")?.price === quote.ask;
    if (agrees) tellers.of(wireId).confirm(book);
    return true;
  });

  return {
    hear: (frame) => {
      talk.alive();
      const { body } = frame;
      if (body.channel === "level2") return onBooks(frame);
      if (body.channel === "subscriptions") {
        talk.subscribed(body.set);
        awaited.subscribed(body.set);
      } else rows(body);
      return null;
    },
    over: () => {
      stopRebuilding();
      awaited.over();
      tellers.over();
    },
  };
}

/** One teller per book, made when it is first needed. */
function bookTellers({ twins, say }: MarketTalk, world: StreamWorld) {
  const tellers = new Map<string, BookTeller>();
  const make = (wireId: string): BookTeller => {
    const products = twins.get(wireId) ?? [];
    const tell = {
      quote: (quote: QuoteRead) => {
        for (const product of products) say({ kind: "market.quote", product, ...quote });
      },
      depth: (depth: Depth) => {
        for (const product of products) say({ kind: "market.depth", product, depth });
      },
    };
    const teller = bookTeller(tell, world);
    tellers.set(wireId, teller);
    return teller;
  };
  const forget = (wireId: string): void => {
    tellers.get(wireId)?.over();
    tellers.delete(wireId);
  };
  return {
    of: (wireId: string): BookTeller => tellers.get(wireId) ?? make(wireId),
    forget,
    over: (): void => [...tellers.keys()].forEach(forget),
  };
}

/** Everything but books. `bookTells`: the book of that id is whole, and it is the one that speaks. */
function rowHearer(
  { twins, say, isNew, status }: MarketTalk,
  world: StreamWorld,
  bookTells: (wireId: string, quote: QuoteRead) => boolean,
): (body: FrameBody) => void {
  const reject = (why: string): void => world.rejected("market", why);
  const toEach = (wireId: string, of: (product: ProductId) => void): void =>
    twins.get(wireId)?.forEach(of);

  const onTicker = (row: TickerWire): void => {
    const quote = reading(() => readQuote(row));
    if (!quote.ok) return reject(quote.error);
    const { value } = quote;
    if (!value || bookTells(row.product_id, value)) return;
    toEach(row.product_id, (product) => say({ kind: "market.quote", product, ...value }));
  };
  const onBucket = (row: BucketWire): void => {
    const bar = reading(() => readBucket(row));
    if (!bar.ok) return reject(bar.error);
    const { value } = bar;
    toEach(row.product_id, (product) => say({ kind: "market.candle", product, bar: value }));
  };
  return (body) => {
    if (body.channel === "ticker") body.rows.forEach(onTicker);
    if (body.channel === "status") body.rows.forEach(status);
    if (body.channel === "candles") {
      [...body.rows].sort((a, b) => a.start - b.start).forEach(onBucket);
    }
    if (body.channel !== "market_trades") return;
    for (const { wireId, trade } of oldestFirst(body.rows, reject)) {
      toEach(wireId, (product) => {
        if (isNew(product, trade.tradeId)) say({ kind: "market.trade", product, ...trade });
      });
    }
  };
}
