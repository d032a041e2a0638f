/** The real client and a whole exchange in one process and one virtual time; no socket open, and nobody who decides. */
import type { SigningKey } from "../../src/adapters/coinbase/keys.ts";
import { openCoinbase } from "../../src/adapters/coinbase/open-coinbase.ts";
import type { Signer } from "../../src/adapters/coinbase/sign.ts";
import { seeded } from "../../src/core/kernel/random.ts";
import { type InProcessExchange, inProcessExchange } from "../../src/exchange/in-process.ts";
import type { Log } from "../../src/ports/log.ts";
import type { Entropy } from "../../src/ports/random.ts";
import type { Venue } from "../../src/ports/venue.ts";
import { BTC, START } from "./desk-script.ts";
import { promptSigner } from "./exchange-signer.ts";
import { type ExchangeTime, exchangeTime } from "./exchange-time.ts";

export interface ExchangeClient {
  readonly time: ExchangeTime;
  readonly exchange: InProcessExchange;
  readonly coinbase: ReturnType<typeof openCoinbase>;
  readonly venue: Venue;
  readonly signer: Signer;
  readonly entropy: Entropy;
}

/** @param seed of the latencies, and of every nonce */
export function exchangeClient(
  seed: string,
  keyFolder: string,
  log: Log,
  balances: Readonly<Record<string, string>> = { USD: "1000000" },
): ExchangeClient {
  const time = exchangeTime(START);
  const random = seeded(`${seed}|desk`);
  const exchange = inProcessExchange({
    ...{ keyFolder, seed, market: "manual", clock: time.exchange },
    balances,
    latencyMs: () => random.between(1, 40),
  });
  time.watch(() => exchange.underWay);
  exchange.control.trade("BTC-USD", "65000");
  const { clock, timers } = time;
  const entropy = {
    hex: (bytes: number) =>
      Array.from({ length: bytes }, () =>
        random.between(0, 255).toString(16).padStart(2, "0"),
      ).join(""),
  };
  const createTarget = `${new URL(exchange.rest).host}/api/v3/brokerage/orders`;
  const signer = promptSigner({ ...exchange, createTarget, clock, entropy });
  const coinbase = openCoinbase({
    restUrl: exchange.rest,
    wsUrl: exchange.ws,
    wsUserUrl: exchange.wsUser,
    // The tokens come from the signer; of the key only that there is one matters.
    key: { name: exchange.keyName, algorithm: "ES256" } as unknown as SigningKey,
    signer,
    ...{ clock, timers, entropy, log },
    transport: exchange.transport,
    products: [BTC],
    namespace: "testdesk",
    quoteCurrency: "USD",
  });
  if (coinbase.venue === null) throw new Error("there is a key");
  return { time, exchange, coinbase, venue: coinbase.venue, signer, entropy };
}
