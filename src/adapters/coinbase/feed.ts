/** The Feed port over the market WebSocket: quotes from `ticker`, trades from `market_trades`, life from every frame. */
// It keeps no book and judges no price; what it cannot read is counted and left out.
import type { Stream } from "../../core/engine/input.ts";
import {
  baseOf as baseCurrency,
  type ProductId,
  productId,
  quoteOf,
} from "../../core/kernel/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Feed, MarketInput } from "../../ports/feed.ts";
import type { Log } from "../../ports/log.ts";
import type { Entropy } from "../../ports/random.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";
import { barsBefore } from "./history.ts";
import type { Http } from "./http.ts";
import { reading, readQuote, readTrade, type TradeRead } from "./read.ts";
import type { Signer } from "./sign.ts";
import { type Supervised, supervise } from "./socket.ts";
import type { FrameBody, TradeWire } from "./wire.ts";

export interface StreamWorld {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly transport: Transport;
  readonly log: Log;
  /** Null: public channels without a token. */
  readonly signer: Signer | null;
  readonly http: Http;
  readonly silentMs: number;
  /** A frame or row that could not be read, by stream. */
  readonly rejected: (stream: Stream, why: string) => void;
}

const CHANNELS = ["heartbeats", "ticker", "market_trades"] as const;
/** Trade ids remembered per product: more than a snapshot after a reconnect can repeat. */
const REMEMBERED_TRADES = 5000;
const ALIVE_EVERY_MS = 250;
/** Bases whose `-USDC` product has a book of its own. coinbase.md §9.6. */
const OWN_USDC_BOOK = new Set(["USDT", "EURC"]);

/** Subscribe messages, one per channel, each with a fresh token. Heartbeats take no products. */
export function subscriptions(
  channels: readonly string[],
  products: readonly ProductId[],
  signer: Signer | null,
): Promise<readonly string[]> {
  return Promise.all(
    channels.map(async (channel) =>
      JSON.stringify({
        type: "subscribe",
        ...(channel === "heartbeats" ? {} : { product_ids: products }),
        channel,
        ...(signer ? { jwt: await signer.stream() } : {}),
      }),
    ),
  );
}

/** Lets a proof of life through at most four times a second. */
export function aliveGate(clock: Clock, say: () => void): () => void {
  let last: number | null = null;
  return () => {
    const now = clock.now();
    if (last !== null && now >= last && now - last < ALIVE_EVERY_MS) return;
    last = now;
    say();
  };
}

/** Ours for an id of the wire: itself, and the `-USDC` twin whose data arrives under the `-USD` id. */
function twins(products: readonly ProductId[]): ReadonlyMap<string, readonly ProductId[]> {
  const byWire = new Map<string, ProductId[]>();
  const add = (wire: string, product: ProductId) =>
    byWire.set(wire, [...(byWire.get(wire) ?? []), product]);
  for (const product of products) {
    add(product, product);
    const base = baseCurrency(product);
    if (quoteOf(product) === "USDC" && !OWN_USDC_BOOK.has(base)) {
      add(productId(`${base}-USD`), product);
    }
  }
  return byWire;
}

export function coinbaseFeed(
  options: { readonly url: string; readonly products: readonly ProductId[] },
  world: StreamWorld,
): Feed {
  const routes = twins(options.products);
  const access = world.signer ? "signed" : "public";
  const isNew = tradeMemory();
  const complain = missingProducts(routes, world.log);
  let running: Supervised | null = null;

  const start = (hear: (input: MarketInput) => void): void => {
    if (running) return;
    const alive = aliveGate(world.clock, () => hear({ kind: "feed.alive", stream: "market" }));
    const reject = (why: string) => world.rejected("market", why);
    const frame = (body: FrameBody): void => {
      alive();
      if (body.channel === "subscriptions") complain(body.set);
      if (body.channel === "ticker") {
        for (const row of body.rows) {
          const quote = reading(() => readQuote(row));
          if (!quote.ok) reject(quote.error);
          else if (quote.value) {
            for (const product of routes.get(row.product_id) ?? []) {
              hear({ kind: "market.quote", product, ...quote.value });
            }
          }
        }
      }
      if (body.channel === "market_trades") {
        for (const { wireId, trade } of oldestFirst(body.rows, reject)) {
          for (const product of routes.get(wireId) ?? []) {
            if (isNew(product, trade.tradeId)) hear({ kind: "market.trade", product, ...trade });
          }
        }
      }
    };
    running = supervise(
      {
        url: options.url,
        channels: CHANNELS,
        greet: () => subscriptions(CHANNELS, options.products, world.signer),
        hear: frame,
        rejected: reject,
        silentMs: world.silentMs,
      },
      (cause) => {
        world.log.warn("the market stream broke", { cause });
        hear({ kind: "feed.broken", stream: "market", cause });
      },
      world,
    );
  };

  return {
    start,
    history: (product, barMs, count) => barsBefore({ product, barMs, count, access }, world),
    stop: async () => {
      await running?.stop();
    },
  };
}

/** True once per trade id of a product; the oldest ids are forgotten. */
function tradeMemory(): (product: ProductId, tradeId: string) => boolean {
  const seen = new Map<ProductId, Set<string>>();
  return (product, tradeId) => {
    const ids = seen.get(product) ?? new Set();
    seen.set(product, ids);
    if (ids.has(tradeId)) return false;
    ids.add(tradeId);
    if (ids.size > REMEMBERED_TRADES) {
      for (const oldest of ids) {
        ids.delete(oldest);
        break;
      }
    }
    return true;
  };
}

/** The wire has the newest first. Trades of one millisecond keep their order of the wire, turned round. */
function oldestFirst(
  rows: readonly TradeWire[],
  reject: (why: string) => void,
): readonly { readonly wireId: string; readonly trade: TradeRead }[] {
  const read: { wireId: string; trade: TradeRead }[] = [];
  for (const row of rows) {
    const trade = reading(() => readTrade(row));
    if (trade.ok) read.push({ wireId: row.product_id, trade: trade.value });
    else reject(trade.error);
  }
  return read.reverse().sort((a, b) => a.trade.time - b.trade.time);
}

/** An unknown product is left out of the acknowledgement without an error: a person must know, once. */
function missingProducts(routes: ReadonlyMap<string, readonly ProductId[]>, log: Log) {
  const complained = new Set<ProductId>();
  return (set: ReadonlyMap<string, readonly string[]>): void => {
    const ticker = set.get("ticker");
    if (!ticker) return;
    /** A `-USDC` product may be acknowledged under its own id or its twin's. */
    const served = new Set(ticker.flatMap((id) => routes.get(id) ?? []));
    for (const product of new Set([...routes.values()].flat())) {
      if (served.has(product) || complained.has(product)) continue;
      complained.add(product);
      log.error("the venue sends no prices of a product", { product });
    }
  };
}
