/** An exchange of our own, for as long as a desk or a command needs one. */
// Its key is read once; the file is gone before anything else happens, a crash included.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SigningKey, signingKey } from "../adapters/coinbase/keys.ts";
import { startExchange } from "../exchange/exchange.ts";
import type { ExchangeOptions } from "../exchange/options.ts";

export interface OwnExchange {
  readonly rest: string;
  readonly market: string;
  readonly user: string;
  /** The key that it gave out. */
  readonly key: SigningKey;
  close(): Promise<void>;
}

/** @throws RangeError when an option makes no sense; PortError when it cannot listen */
export async function startOwnExchange(
  options: Omit<ExchangeOptions, "keyFolder">,
): Promise<OwnExchange> {
  const keyFolder = mkdtempSync(join(tmpdir(), "claudbot-key-"));
  try {
    const exchange = await startExchange({ ...options, keyFolder });
    const secret = readFileSync(exchange.privateKeyFile, "utf8");
    return {
      rest: exchange.rest,
      market: exchange.ws,
      user: exchange.wsUser,
      key: signingKey({ name: exchange.keyName, secret }),
      close: exchange.close,
    };
  } finally {
    rmSync(keyFolder, { recursive: true, force: true });
  }
}
