/** Puts the adapter together: one REST road, one market stream, and, with a key, one account stream. */
// It opens nothing until asked: the streams open with `start`, and stocked tokens are the only work it begins itself.
import type { Stream } from "../../core/engine/input.ts";
import type { ProductId } from "../../core/kernel/ids.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { Product } from "../../core/market/product.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Feed } from "../../ports/feed.ts";
import type { Log } from "../../ports/log.ts";
import type { Entropy } from "../../ports/random.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";
import type { Venue, VenueFault } from "../../ports/venue.ts";
import type { Http } from "./call.ts";
import { coinbaseFeed } from "./feed.ts";
import type { HeardCall } from "./heard.ts";
import { baseOf, http } from "./http.ts";
import type { SigningKey } from "./keys.ts";
import { reading, readProduct } from "./read.ts";
import { products as readProducts } from "./rest/products.ts";
import { serverTime } from "./rest/server-time.ts";
import { type KeyInUse, keyInUse } from "./rotate.ts";
import { type Signer, signer } from "./sign.ts";
import { type StreamRates, streamLimits } from "./stream-limits.ts";
import type { StreamWorld } from "./stream-world.ts";
import { coinbaseVenue } from "./venue.ts";
import { venueFault } from "./venue-fault.ts";

export interface CoinbaseOptions {
  /** e.g. https://api.coinbase.com; tokens name its host, with the port when there is one. */
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly wsUserUrl: string;
  /** The first key. Null: public market data only, and no venue. */
  readonly key: SigningKey | null;
  readonly products: readonly ProductId[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly transport: Transport;
  /** The deploy's eight characters, which begin our client order ids. */
  readonly namespace: string;
  readonly quoteCurrency: string;
  /** Silence after which a stream counts as dead; 8 s when left out: a beat comes each second. */
  readonly silentMs?: number;
  /** Stands in for tokens made from `key`, where signatures must not be real. */
  readonly signer?: Signer;
  /** The venue answered at `endpoint` (`GET /accounts`) that we ask too much. */
  readonly onThrottle?: (endpoint: string) => void;
  /** Told each REST request that was made. Must not throw. */
  readonly heard?: (call: HeardCall) => void;
  /** Asked of each create just before its first byte leaves: why it must not, or null. */
  readonly mayOrder?: () => string | null;
  /** A connection that had been open is over, whatever ended it. */
  readonly onDisconnect?: (endpoint: Stream) => void;
  /** An order on the account stream that is not ours. */
  readonly onForeign?: (product: string) => void;
  /** A frame or row that could not be read. */
  readonly onRejected?: (stream: Stream, why: string) => void;
  /**
   * A book is begun anew from a fresh snapshot: because of `cause`, or, where that is null, as each is once in `rebuildMs`
   * (an hour; 0 never).
   */
  readonly onRebuild?: (product: string, cause: string | null) => void;
  readonly rebuildMs?: number;
  /** Where they differ from what the venue allows. */
  readonly streamRates?: Partial<StreamRates>;
}

export interface Coinbase extends KeyInUse {
  readonly feed: Feed;
  readonly venue: Venue | null;
  /** How far the venue's clock is ahead of ours, in ms. Later tokens are dated by it. */
  measureSkew(): Promise<Result<number, VenueFault>>;
  /** Steps, bounds and flags of the configured products; the way to them where there is no venue. */
  products(): Promise<Result<readonly Product[], VenueFault>>;
  close(): Promise<void>;
}

const SILENT_MS = 8000;

export function openCoinbase(options: CoinbaseOptions): Coinbase {
  const { clock, timers, entropy, transport, log, key } = options;
  const base = baseOf(options.restUrl);
  const createTarget = `${base.host}${base.path}/orders`;
  const made =
    key === null || options.signer ? null : signer({ key, createTarget, clock, timers, entropy });
  const tokens = key === null ? null : (options.signer ?? made);
  const told = { throttled: (endpoint: string): void => options.onThrottle?.(endpoint) };
  const roadOf = (signs: Signer | null): Http =>
    http({ ...options, signer: signs, throttled: (endpoint) => told.throttled(endpoint) });
  const road = roadOf(tokens);
  const rejected = counted(log, options.onRejected);
  let aheadMs: number | null = null;
  const world: StreamWorld = {
    clock,
    aheadMs: () => aheadMs,
    timers,
    entropy,
    transport,
    log,
    signer: tokens,
    http: road,
    limits: streamLimits({ clock, timers }, options.streamRates),
    silentMs: options.silentMs ?? SILENT_MS,
    rejected,
    disconnected: options.onDisconnect,
    rebuilt: options.onRebuild,
  };
  const { products, namespace, quoteCurrency } = options;
  const feed = coinbaseFeed({ url: options.wsUrl, products, rebuildMs: options.rebuildMs }, world);
  const foreign = (product: string): void => options.onForeign?.(product);
  const venue =
    tokens === null
      ? null
      : coinbaseVenue(
          {
            endpoint: { name: "user", url: options.wsUserUrl },
            elsewhere: { name: "market", url: options.wsUrl },
            products,
            namespace,
            quoteCurrency,
            foreign,
          },
          world,
        );
  told.throttled = (endpoint) => {
    venue?.throttled();
    options.onThrottle?.(endpoint);
  };
  return {
    ...keyInUse(key, made, { road, roadOf }),
    feed,
    venue,
    measureSkew: async () => {
      const asked = clock.now();
      const time = await serverTime(road);
      if (!time.ok) return fail(venueFault(time.error));
      const answered = clock.now();
      /** Tokens use the least the venue can be ahead: dated in its future, they would be refused. */
      tokens?.correct(time.value - answered);
      aheadMs = time.value - (asked + answered) / 2;
      return ok(aheadMs);
    },
    products: async () => {
      const wires = await readProducts(road, products, tokens ? "signed" : "public");
      if (!wires.ok) return fail(venueFault(wires.error));
      const read = reading(() => wires.value.map(readProduct));
      return read.ok ? read : fail({ kind: "unavailable", detail: read.error });
    },
    close: async () => {
      road.close();
      tokens?.close();
      await Promise.all([feed.stop(), venue?.stop()]);
    },
  };
}

/** Logs the first rejection and then each hundredth: a change of format must not flood the log. */
function counted(
  log: Log,
  tell: ((stream: Stream, why: string) => void) | undefined,
): (stream: Stream, why: string) => void {
  let count = 0;
  return (stream, why) => {
    if (count % 100 === 0)
      log.warn("a message could not be read", { stream, why, count: count + 1 });
    count += 1;
    tell?.(stream, why);
  };
}
