/** Where the configured venue is, for commands that look at it beside a desk: in the demo an exchange of their own. */
// It opens no journal and no stream.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SigningKey, signingKey } from "../adapters/coinbase/keys.ts";
import type { Loaded } from "../config/load.ts";
import { startExchange } from "../exchange/exchange.ts";

export interface VenueAt {
  readonly rest: string;
  readonly market: string;
  readonly user: string;
  /** The key that an exchange of our own gave out; null elsewhere, where the configured one counts. */
  readonly ownKey: SigningKey | null;
  /** Whether it was started for this command. */
  readonly own: boolean;
  close(): Promise<void>;
}

/** @throws PortError when an exchange of our own cannot listen */
export async function openVenueAt({ config }: Pick<Loaded, "config">): Promise<VenueAt> {
  const { venue } = config;
  if (venue.kind === "coinbase") {
    return { ...venue, ownKey: null, own: false, close: () => Promise.resolve() };
  }
  const keyFolder = mkdtempSync(join(tmpdir(), "claudbot-key-"));
  try {
    const exchange = await startExchange({ keyFolder, barSeconds: config.barMs / 1000 });
    const secret = readFileSync(exchange.privateKeyFile, "utf8");
    return {
      rest: exchange.rest,
      market: exchange.ws,
      user: exchange.wsUser,
      ownKey: signingKey({ name: exchange.keyName, secret }),
      own: true,
      close: exchange.close,
    };
  } finally {
    rmSync(keyFolder, { recursive: true, force: true });
  }
}
