/** An adapter over scripted sockets, with its clock in the test's hand and all that it says written down. */
// For the stream tests; REST tells the time and answers 500 to everything else.
import { type SigningKey, signingKey } from "../../../src/adapters/coinbase/keys.ts";
import {
  type CoinbaseOptions,
  openCoinbase,
} from "../../../src/adapters/coinbase/open-coinbase.ts";
import { productId } from "../../../src/core/kernel/ids.ts";
import { seeded } from "../../../src/core/kernel/random.ts";
import { type Instant, iso } from "../../../src/core/kernel/time.ts";
import type { MarketInput } from "../../../src/ports/feed.ts";
import type { Entropy } from "../../../src/ports/random.ts";
import type { Transport } from "../../../src/ports/transport.ts";
import type { AccountInput } from "../../../src/ports/venue.ts";
import {
  fakeSigner,
  fakeTransport,
  frame,
  handTime,
  memoryLog,
  reply,
  START,
  vectorJson,
} from "./world.ts";

const { key_name: NAME, ec } = vectorJson("auth/test-keys.json");
const KEY: SigningKey = signingKey({ name: NAME, secret: ec.sec1_pem });

/** As `frame` writes it. */
const UNSTAMPED = '"timestamp":"2026-09-07T23:37:22Z"';

/** Draws of the whole range, always the same. */
export function seededEntropy(seed = "streams"): Entropy {
  const random = seeded(seed);
  const byte = () => random.between(0, 255).toString(16).padStart(2, "0");
  return { hex: (bytes) => Array.from({ length: bytes }, byte).join("") };
}

/** Frames made by `frame` are stamped with the moment they are told in. */
export async function openStreams(
  products = ["BTC-USD"],
  over: Partial<CoinbaseOptions> = {},
  start: Instant = START,
) {
  const time = handTime(start);
  const venueClock = { aheadMs: 0 };
  const fake = fakeTransport(({ url }) =>
    url.endsWith("/time")
      ? reply(200, { epochMillis: String(time.clock.now() + venueClock.aheadMs) })
      : reply(500, ""),
  );
  const log = memoryLog();
  const heard: (MarketInput | AccountInput)[] = [];
  const foreign: string[] = [];
  const rejected: string[] = [];
  const coinbase = openCoinbase({
    restUrl: "http://127.0.0.1:1",
    wsUrl: "ws://market",
    wsUserUrl: "ws://user",
    key: KEY,
    signer: fakeSigner(),
    products: products.map(productId),
    clock: time.clock,
    timers: time.timers,
    entropy: seededEntropy(),
    log,
    transport: stamping(fake.transport, () => iso(time.clock.now())),
    namespace: "0c7e6c1e",
    quoteCurrency: "USD",
    onForeign: (product) => foreign.push(product),
    onRejected: (_, why) => rejected.push(why),
    ...over,
  });
  const latest = () => {
    const socket = fake.sockets.at(-1);
    if (!socket) throw new Error("a socket");
    return socket;
  };
  const say = (...texts: string[]) => {
    for (const text of texts) latest().handlers.message(text);
  };
  const of = (kind: string) => heard.filter((input) => input.kind === kind);
  const up = async () => {
    latest().handlers.open();
    await time.advance(0);
  };
  return {
    ...fake,
    time,
    venueClock,
    log,
    heard,
    foreign,
    rejected,
    coinbase,
    latest,
    say,
    of,
    up,
  };
}

function stamping(transport: Transport, now: () => string): Transport {
  return {
    ...transport,
    openSocket: (url, handlers) =>
      transport.openSocket(url, {
        ...handlers,
        message: (text) => handlers.message(text.replace(UNSTAMPED, `"timestamp":"${now()}"`)),
      }),
  };
}

/** A vector as the `sequence`-th frame of its connection. */
export const renumbered = (text: string, sequence: number): string =>
  JSON.stringify({ ...JSON.parse(text), sequence_num: sequence });

/** Alive for as long as they come: each counter is one further, as text or as a number. */
export const beat = (sequence: number) => {
  const counter = 139_651 + sequence;
  return frame(sequence, "heartbeats", {
    heartbeat_counter: sequence % 2 ? String(counter) : counter,
  });
};

export const CHANNELS = ["heartbeats", "level2", "ticker", "market_trades", "candles", "status"];

export const acknowledged = (sequence: number, ...channels: string[]) =>
  granted(sequence, Object.fromEntries(channels.map((name) => [name, ["BTC-USD"]])));

/** An acknowledgement of these products by channel. */
export const granted = (sequence: number, subscriptions: Record<string, readonly string[]>) =>
  frame(sequence, "subscriptions", { subscriptions });

/** Every channel for these products. */
export const granting = (...products: string[]) =>
  Object.fromEntries(CHANNELS.map((name) => [name, products]));

/** Side, price and quantity of a level, as the venue writes them. */
export type LevelRow = readonly [side: string, price: string, quantity: string];

export const levels = (type: string, product: string, rows: readonly LevelRow[]) => ({
  type,
  product_id: product,
  updates: rows.map(([side, price_level, new_quantity]) => ({
    side,
    event_time: "2026-09-07T23:37:22.701204Z",
    price_level,
    new_quantity,
  })),
});

/** A snapshot: two levels a side around 100. */
export const book = (sequence: number, product = "BTC-USD") =>
  frame(
    sequence,
    "l2_data",
    levels("snapshot", product, [
      ["offer", "102", "4"],
      ["bid", "99", "1"],
      ["bid", "98", "2"],
      ["offer", "101", "3"],
    ]),
  );

export const change = (sequence: number, ...rows: LevelRow[]) =>
  frame(sequence, "l2_data", levels("update", "BTC-USD", rows));
