/** Listens to one market connection: books, quotes, trades, buckets and states of products become market inputs. */
// Quotes come from a book while it is whole, and from tickers until then. What one product lacks costs no other.
import type { ProductId } from "../../core/kernel/ids.ts";
import type { Depth } from "../../core/market/depth.ts";
import { careForBooks } from "./book-care.ts";
import { type BookTeller, bookTeller } from "./book-teller.ts";
import { createBooks } from "./books.ts";
import { careForChannels } from "./channel-care.ts";
import type { Hearer, Line } from "./connection.ts";
import type { FrameBody } from "./frame.ts";
import type { BookEvent } from "./level2-wire.ts";
import type { MarketTalk } from "./market-talk.ts";
import { type QuoteRead, reading, readQuote } from "./read.ts";
import { oldestFirst, readBucket } from "./read-stream.ts";
import type { StreamWorld } from "./stream-world.ts";
import { wireIds } from "./twins.ts";
import type { BucketWire, TickerWire } from "./wire.ts";

export function marketHearer(talk: MarketTalk, world: StreamWorld, line: Line): Hearer {
  const { products, channels, rebuildMs, twins } = talk;
  const books = createBooks();
  const tellers = bookTellers(talk, world);
  const isWhole = (wireId: string): boolean => books.whole(wireId) !== null;
  const forget = (product: ProductId): void => {
    for (const wireId of wireIds(product)) {
      books.forget(wireId);
      tellers.forget(wireId);
    }
  };
  const care = careForBooks({ products, rebuildMs, isWhole, forget }, world, line);
  const channelCare = careForChannels(talk, world, line);
  const rows = rowHearer(talk, world, (wireId, quote) => {
    const book = books.whole(wireId);
    if (book === null) return false;
    // A match that left the top as the book has it confirms the book's price; anything else is the book's to tell.
    const agrees = book.best("bid")?.price === quote.bid && book.best("ask")?.price === quote.ask;
    if (agrees) tellers.of(wireId).confirm(book);
    return true;
  });
  let complete = false;
  let counter: number | null = null;

  const onBook = (event: BookEvent): void => {
    const { wireId } = event;
    if (wireId !== null && !twins.has(wireId)) return;
    const cause = books.apply(event);
    if (cause !== null) return care.doubt(wireId, cause);
    const book = wireId === null ? null : books.whole(wireId);
    if (wireId === null || book === null) return;
    if (event.type === "snapshot") care.came(wireId);
    tellers.of(wireId).changed(book);
  };
  const onSubscriptions = (set: ReadonlyMap<string, readonly string[]>): void => {
    complete ||= channels.every((channel) => set.has(channel));
    channelCare.subscribed(set, complete);
    care.subscribed(set);
  };
  const onBeat = (beat: number | null): void => {
    // One that stands still is no beat.
    if (beat === null || beat === counter) return;
    counter = beat;
    channelCare.beat();
    for (const [wireId, book] of books.all()) tellers.of(wireId).beat(book);
  };

  return {
    hear: ({ body }) => {
      if (body.channel === "level2") body.events.forEach(onBook);
      else if (body.channel === "subscriptions") onSubscriptions(body.set);
      else if (body.channel === "heartbeats") onBeat(body.counter);
      else rows(body);
      // Until everything that was asked for flows, the stream proves nothing.
      if (complete) talk.alive();
    },
    over: () => {
      care.over();
      channelCare.over();
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
  return {
    of: (wireId: string): BookTeller => tellers.get(wireId) ?? make(wireId),
    forget: (wireId: string): void => {
      tellers.get(wireId)?.gone();
      tellers.delete(wireId);
    },
    over: (): void => {
      for (const teller of tellers.values()) teller.over();
      tellers.clear();
    },
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
    // In an auction, or while the product is halted, it is no price to trade at.
    if (value.bid >= value.ask) return;
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
