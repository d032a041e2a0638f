/** What the looks of one examination share: the configuration, the way to the venue, and what was heard so far. */
// It judges nothing. A look adds to `seen` what later looks build on.
import type { Http } from "../../adapters/coinbase/call.ts";
import type { HeardCall } from "../../adapters/coinbase/heard.ts";
import type { SigningKey } from "../../adapters/coinbase/keys.ts";
import type { Permissions } from "../../adapters/coinbase/rest/key-permissions.ts";
import type { Signer } from "../../adapters/coinbase/sign.ts";
import type { Env } from "../../config/env.ts";
import type { Problem } from "../../config/errors.ts";
import type { Loaded } from "../../config/load.ts";
import type { Profile } from "../../config/profiles.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";
import type { VenueAt } from "../venue-at.ts";
import type { Circumstances } from "./explain.ts";
import type { SocketVisit } from "./visit.ts";

export interface Ward {
  /** Null when the configuration does not load; `problems` says why. */
  readonly loaded: Loaded | null;
  readonly problems: readonly Problem[];
  readonly env: Pick<Env, "proxies">;
  /** Whose demands the key is held against. */
  readonly as: Profile;
  /** Null when there is no venue to go to. */
  readonly venue: OpenVenue | null;
  readonly clock: Clock;
  readonly timers: Timers;
  /** How long a socket gets to show everything it should. */
  readonly patienceMs: number;
  readonly seen: Seen;
}

export interface OpenVenue {
  readonly at: VenueAt;
  readonly http: Http;
  readonly transport: Transport;
  readonly key: SigningKey | null;
  /** Why the configured key cannot be used, or null. */
  readonly keyTrouble: Problem | null;
  /** How the private key is written down. */
  readonly encoding: string;
  readonly signer: Signer | null;
  readonly access: "signed" | "public";
}

export interface Seen {
  readonly calls: HeardCall[];
  readonly visits: SocketVisit[];
  /** How far the venue's clock is ahead of ours, in ms. */
  aheadMs: number | null;
  permissions: Permissions | null;
  /** Times two sources told different states of one order, at a second look too. */
  readonly discrepancies: string[];
  /** Orders that rest at the venue. */
  openOrders: number | null;
}

export const newSeen = (): Seen => ({
  calls: [],
  visits: [],
  aheadMs: null,
  permissions: null,
  discrepancies: [],
  openOrders: null,
});

/** What is known when a call has failed. */
export const circumstances = (
  { seen, env }: Pick<Ward, "seen" | "env">,
  venue: OpenVenue,
): Circumstances => ({
  host: hostOf(venue),
  algorithm: venue.key?.algorithm ?? null,
  aheadMs: seen.aheadMs,
  proxies: env.proxies,
});

export const hostOf = ({ at }: OpenVenue): string => new URL(at.rest).host;
