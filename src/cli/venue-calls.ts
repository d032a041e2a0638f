/** The REST road of the adapter for one command: opened with a key or without, closed when the command ends. */
import type { Http } from "../adapters/coinbase/call.ts";
import type { HeardCall } from "../adapters/coinbase/heard.ts";
import { baseOf, http } from "../adapters/coinbase/http.ts";
import type { SigningKey } from "../adapters/coinbase/keys.ts";
import { serverTime } from "../adapters/coinbase/rest/server-time.ts";
import { type Signer, signer } from "../adapters/coinbase/sign.ts";
import { netTransport } from "../adapters/net/net-transport.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { systemEntropy } from "../adapters/system/entropy.ts";
import { systemTimers } from "../adapters/system/timers.ts";
import type { Clock } from "../ports/clock.ts";
import type { Timers } from "../ports/timers.ts";
import type { Transport } from "../ports/transport.ts";

export interface VenueCalls {
  readonly http: Http;
  /** Null without a key. */
  readonly signer: Signer | null;
  /** `signed` with a key: the same reads have a public twin without one. */
  readonly access: "signed" | "public";
  readonly transport: Transport;
  /** Host with its port and the path below which calls lie, as tokens name them. */
  readonly base: { readonly host: string; readonly path: string };
  /** From now on tokens are dated by the venue's clock, as far as it says what time it is. */
  correct(): Promise<void>;
  close(): Promise<void>;
}

export interface Time {
  readonly clock: Clock;
  readonly timers: Timers;
}

export function openVenueCalls(
  { rest, key }: { readonly rest: string; readonly key: SigningKey | null },
  heard: (call: HeardCall) => void = () => undefined,
  time: Time = { clock: systemClock, timers: systemTimers },
): VenueCalls {
  const world = { ...time, entropy: systemEntropy };
  const base = baseOf(rest);
  const tokens =
    key === null
      ? null
      : signer({ key, createTarget: `${base.host}${base.path}/orders`, ...world });
  const transport = netTransport();
  const road = http({
    restUrl: rest,
    signer: tokens,
    transport,
    ...world,
    throttled: () => undefined,
    heard,
  });
  return {
    http: road,
    signer: tokens,
    access: tokens === null ? "public" : "signed",
    transport,
    base,
    async correct() {
      const told = tokens === null ? null : await serverTime(road);
      // The least that the venue can be ahead: tokens from its future are refused.
      if (told?.ok) tokens?.correct(told.value - time.clock.now());
    },
    async close() {
      road.close();
      tokens?.close();
      await transport.close();
    },
  };
}
