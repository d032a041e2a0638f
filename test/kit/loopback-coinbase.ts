/** The whole client of Coinbase over real sockets and on the machine's clock, pointed at an exchange on loopback. */
import { readFileSync } from "node:fs";
import { type SigningKey, signingKey } from "../../src/adapters/coinbase/keys.ts";
import {
  type Coinbase,
  type CoinbaseOptions,
  openCoinbase,
} from "../../src/adapters/coinbase/open-coinbase.ts";
import { systemClock } from "../../src/adapters/system/clock.ts";
import { systemEntropy } from "../../src/adapters/system/entropy.ts";
import { systemTimers } from "../../src/adapters/system/timers.ts";
import { productId } from "../../src/core/kernel/ids.ts";
import type { KeyFile } from "../../src/exchange/assemble.ts";

interface At {
  readonly rest: string;
  readonly ws: string;
  readonly wsUser: string;
}

/** The key that an exchange gave out. */
export const keyOf = ({ keyName, privateKeyFile }: KeyFile): SigningKey =>
  signingKey({ name: keyName, secret: readFileSync(privateKeyFile, "utf8") });

/** A client of BTC-USD unless told; whoever opens it closes it, and its transport. */
export const openLoopback = (
  { rest, ws, wsUser }: At,
  options: Pick<CoinbaseOptions, "key" | "log" | "transport"> & Partial<CoinbaseOptions>,
): Coinbase =>
  openCoinbase({
    ...{ restUrl: rest, wsUrl: ws, wsUserUrl: wsUser },
    ...{ clock: systemClock, timers: systemTimers, entropy: systemEntropy },
    products: [productId("BTC-USD")],
    namespace: "testdepl",
    quoteCurrency: "USD",
    ...options,
  });
