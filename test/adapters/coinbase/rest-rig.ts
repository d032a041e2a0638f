/** An adapter over a scripted REST API, one function per route, with its clock in the test's hand. */
// Routes are named as the exchange names them; anything else is answered 404.
import { signingKey } from "../../../src/adapters/coinbase/keys.ts";
import { openCoinbase } from "../../../src/adapters/coinbase/open-coinbase.ts";
import { productId } from "../../../src/core/kernel/ids.ts";
import type { TransportFailure, TransportReply } from "../../../src/ports/transport.ts";
import {
  countingEntropy,
  fakeSigner,
  fakeTransport,
  handTime,
  memoryLog,
  reply,
  vectorJson,
  vectorText,
} from "./world.ts";

const { key_name: NAME, ec, ed25519 } = vectorJson("auth/test-keys.json");
const EC: string = ec.sec1_pem;
export const ED25519: string = ed25519.pkcs8_pem;
export const BTC = productId("BTC-USD");
export type Route = (url: URL, body: unknown) => TransportReply | TransportFailure;

export function openRest(routes: Readonly<Record<string, Route>>, secret: string | null = EC) {
  const time = handTime();
  const fake = fakeTransport((request) => {
    const url = new URL(request.url);
    const route = routes[`${request.method} ${url.pathname.replace("/api/v3/brokerage", "")}`];
    const body = typeof request.body === "string" ? JSON.parse(request.body) : null;
    return route ? route(url, body) : reply(404, vectorText("rest/error.404-order.json"));
  });
  const rejected: string[] = [];
  const coinbase = openCoinbase({
    restUrl: "https://api.coinbase.com",
    wsUrl: "ws://market",
    wsUserUrl: "ws://user",
    key: secret === null ? null : signingKey({ name: NAME, secret }),
    products: [BTC, productId("BTC-USDC")],
    clock: time.clock,
    timers: time.timers,
    entropy: countingEntropy(),
    log: memoryLog(),
    transport: fake.transport,
    namespace: "1f2a7b90",
    quoteCurrency: "USD",
    signer: fakeSigner(),
    onRejected: (_, why) => rejected.push(why),
  });
  const run = async <T>(asked: Promise<T>): Promise<T> => {
    let done = false;
    const end = asked.finally(() => {
      done = true;
    });
    for (let turn = 0; turn < 200 && !done; turn += 1) await time.advance(100);
    return end;
  };
  const venue = () => {
    if (!coinbase.venue) throw new Error("there is a key");
    return coinbase.venue;
  };
  return { ...fake, coinbase, venue, run, rejected };
}

/** Answers with a vector. */
export const file =
  (name: string): Route =>
  () =>
    reply(200, vectorText(`rest/${name}`));
