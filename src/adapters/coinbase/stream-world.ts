/** What both streams of the client stand on, and the two small things they share: subscribe messages and proofs of life. */
import type { Stream } from "../../core/engine/input.ts";
import type { ProductId } from "../../core/kernel/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Entropy } from "../../ports/random.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";
import type { Http } from "./call.ts";
import type { Signer } from "./sign.ts";
import type { StreamLimits } from "./stream-limits.ts";

export interface StreamWorld {
  readonly clock: Clock;
  /** How far the venue's clock is ahead of ours, or null when it was not measured. */
  readonly aheadMs: () => number | null;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly transport: Transport;
  readonly log: Log;
  /** Null: public channels without a token. */
  readonly signer: Signer | null;
  readonly http: Http;
  /** Shared by all streams of one client: the venue counts by address. */
  readonly limits: StreamLimits;
  readonly silentMs: number;
  /** A frame or row that could not be read, by stream. */
  readonly rejected: (stream: Stream, why: string) => void;
  /** A connection that had been open is over, whatever ended it. */
  readonly disconnected?: ((endpoint: Stream) => void) | undefined;
  /**
   * A book is begun anew from a fresh snapshot without a break: because of `cause`, or, where that is null, as each is now
   * and then.
   */
  readonly rebuilt?: ((product: string, cause: string | null) => void) | undefined;
}

const ALIVE_EVERY_MS = 250;

/** One message per channel, each with a fresh token. Heartbeats take no products. */
export function subscriptions(
  type: "subscribe" | "unsubscribe",
  channels: readonly string[],
  products: readonly ProductId[],
  signer: Signer | null,
): Promise<readonly string[]> {
  return Promise.all(
    channels.map(async (channel) =>
      JSON.stringify({
        type,
        ...(channel === "heartbeats" ? {} : { product_ids: products }),
        channel,
        ...(signer ? { jwt: await signer.stream() } : {}),
      }),
    ),
  );
}

/** Lets a proof of life through at most four times a second. */
export function aliveGate(clock: Clock, say: () => void): () => void {
  let last: number | null = null;
  return () => {
    const now = clock.now();
    if (last !== null && now >= last && now - last < ALIVE_EVERY_MS) return;
    last = now;
    say();
  };
}
