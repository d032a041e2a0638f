/** The Feed port over the market WebSocket: quotes, depth, trades, five-minute buckets, and life from every frame. */
// It outlives its connections and keeps what must: which trades were told, what was said of products. It judges no price.
import type { ProductId } from "../../core/kernel/ids.ts";
import type { Feed, MarketInput } from "../../ports/feed.ts";
import type { Log } from "../../ports/log.ts";
import { barsBefore } from "./history.ts";
import { marketHearer } from "./market-hearer.ts";
import type { MarketTalk } from "./market-talk.ts";
import { type Supervised, supervise } from "./socket.ts";
import { aliveGate, type StreamWorld, subscriptions } from "./stream-world.ts";
import { twins } from "./twins.ts";
import type { StatusWire } from "./wire.ts";

export interface FeedOptions {
  readonly url: string;
  readonly products: readonly ProductId[];
  /** Each book is begun anew from a fresh snapshot so often; 0 never. An hour when left out. */
  readonly rebuildMs?: number | undefined;
}

const CHANNELS = ["heartbeats", "level2", "ticker", "market_trades", "candles", "status"] as const;
const REBUILD_MS = 3_600_000;
/** Trade ids remembered per product: more than a snapshot after a reconnect can repeat. */
const REMEMBERED_TRADES = 5000;

export function coinbaseFeed(options: FeedOptions, world: StreamWorld): Feed {
  const { products } = options;
  const access = world.signer ? "signed" : "public";
  let running: Supervised | null = null;

  const start = (say: (input: MarketInput) => void): void => {
    if (running) return;
    const talk: MarketTalk = {
      products,
      channels: CHANNELS,
      twins: twins(products),
      say,
      alive: aliveGate(world.clock, () => say({ kind: "feed.alive", stream: "market" })),
      untraded: new Set(),
      leftOut: complaints(world.log),
      isNew: tradeMemory(),
      status: statusMemory(products, world.log),
      rebuildMs: options.rebuildMs ?? REBUILD_MS,
    };
    running = supervise(
      {
        stream: "market",
        endpoint: { name: "market", url: options.url },
        elsewhere: null,
        channels: CHANNELS,
        signed: world.signer !== null,
        greet: () => subscriptions("subscribe", CHANNELS, products, world.signer),
        hearer: (line) => marketHearer(talk, world, line),
        rejected: (why) => world.rejected("market", why),
        broken: (cause) => {
          world.log.warn("the market stream broke", { cause });
          say({ kind: "feed.broken", stream: "market", cause });
        },
        silentMs: world.silentMs,
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

/** A product is left out of an acknowledgement without an error: a person must know, once. */
function complaints(log: Log): (product: ProductId, channels: readonly string[]) => void {
  const said = new Set<string>();
  return (product, channels) => {
    const key = `${product} ${channels.join(" ")}`;
    if (said.has(key)) return;
    said.add(key);
    const fields = { product, channels: channels.join(", ") };
    log.error("the venue leaves a product out of what was asked for", fields);
  };
}

/** A person may read of every change of a product's state; the flags that trading obeys come with the listings. */
function statusMemory(products: readonly ProductId[], log: Log): (row: StatusWire) => void {
  const known = new Map<string, string>(products.map((product) => [product, "online"]));
  return ({ id, status, status_message: message }) => {
    const before = known.get(id);
    if (before === undefined || before === status) return;
    known.set(id, status);
    log.warn("the venue changed the state of a product", {
      product: id,
      from: before.slice(0, 60),
      to: status.slice(0, 60),
      message: message?.slice(0, 200),
    });
  };
}
