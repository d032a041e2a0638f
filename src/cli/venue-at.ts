/** Where the configured venue is, for commands that look at it beside a desk: in the demo an exchange of their own. */
// It opens no journal and no stream.
import type { SigningKey } from "../adapters/coinbase/keys.ts";
import type { Loaded } from "../config/load.ts";
import { startOwnExchange } from "./own-exchange.ts";

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
  const { key, ...exchange } = await startOwnExchange({ barSeconds: config.barMs / 1000 });
  return { ...exchange, ownKey: key, own: true };
}
