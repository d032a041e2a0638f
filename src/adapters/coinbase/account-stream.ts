/** Listens to one account connection: orders of ours become observations; it counts as alive once its snapshot is whole. */
// Repetitions, stale frames and strange statuses go through: merging observations is the core's business. coinbase.md §9.7.
import type { ProductId } from "../../core/kernel/ids.ts";
import type { AccountInput } from "../../ports/venue.ts";
import type { Hearer } from "./connection.ts";
import type { Endpoint } from "./failover.ts";
import type { FrameBody } from "./frame.ts";
import type { OrderNames } from "./order-names.ts";
import { reading, readObservation } from "./read.ts";
import { type Supervised, supervise } from "./socket.ts";
import { aliveGate, type StreamWorld, subscriptions } from "./stream-world.ts";
import type { OrderWire } from "./wire.ts";

export interface AccountOptions {
  readonly endpoint: Endpoint;
  /** Serves the same channels while the own endpoint is down. */
  readonly elsewhere: Endpoint | null;
  readonly products: readonly ProductId[];
  readonly names: OrderNames;
  /** An order that is not ours. */
  readonly foreign: (product: string) => void;
}

const CHANNELS = ["heartbeats", "user"] as const;
/** Orders in one frame of a snapshot; the first frame with fewer ends it. */
const BATCH = 50;
/** A snapshot whose end does not show is over so long after its last part, or after the acknowledgement. */
const SNAPSHOT_MS = 5000;

/** Opens the stream and keeps it open until stopped. */
export function accountStream(
  options: AccountOptions,
  say: (input: AccountInput) => void,
  world: StreamWorld,
): Supervised {
  const { endpoint, elsewhere, products } = options;
  return supervise(
    {
      stream: "user",
      endpoint,
      elsewhere,
      channels: CHANNELS,
      signed: world.signer !== null,
      greet: () => subscriptions("subscribe", CHANNELS, products, world.signer),
      hearer: () => accountHearer(options, say, world),
      rejected: (why) => world.rejected("user", why),
      broken: (cause) => {
        world.log.warn("the account stream broke", { cause });
        say({ kind: "feed.broken", stream: "user", cause });
      },
      silentMs: world.silentMs,
    },
    world,
  );
}

function accountHearer(
  { names, foreign }: AccountOptions,
  say: (input: AccountInput) => void,
  world: StreamWorld,
): Hearer {
  const alive = aliveGate(world.clock, () => say({ kind: "feed.alive", stream: "user" }));
  const snapshot = snapshotEnd(world);
  const onOrder = (told: OrderWire): void => {
    const wire = names.named(told);
    if (wire === null) return foreign(told.product);
    const observation = reading(() => readObservation(wire, "stream"));
    if (observation.ok) say({ kind: "order.observed", observation: observation.value });
    else world.rejected("user", observation.error);
  };
  return {
    hear: ({ body }) => {
      if (body.channel === "user") body.rows.forEach(onOrder);
      snapshot.note(body);
      // Before that, an order could change between a listing asked for now and the stream's first word of it.
      if (snapshot.whole()) alive();
      return null;
    },
    over: snapshot.stop,
  };
}

function snapshotEnd({ timers }: StreamWorld) {
  let whole = false;
  let stop: () => void = () => undefined;
  const wait = (): void => {
    stop();
    stop = timers.after(SNAPSHOT_MS, () => {
      whole = true;
    });
  };
  return {
    whole: () => whole,
    note: (body: FrameBody): void => {
      if (whole) return;
      if (body.channel === "subscriptions" && body.set.has("user")) wait();
      if (body.channel !== "user") return;
      whole = body.told < BATCH;
      if (whole) stop();
      else wait();
    },
    stop: () => stop(),
  };
}
