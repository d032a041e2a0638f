/** Listens to one account connection: orders of ours become observations; it counts as alive once its snapshot is whole. */
// Repetitions, stale frames and strange statuses go through: merging observations is the core's business. coinbase.md §9.7.
import type { ProductId } from "../../core/kernel/ids.ts";
import type { AccountInput } from "../../ports/venue.ts";
import { accountDoubt } from "./account-doubt.ts";
import type { Hearer } from "./connection.ts";
import type { Endpoint } from "./failover.ts";
import type { FrameBody, UserTold } from "./frame.ts";
import { heldBack } from "./held-back.ts";
import type { OrderNames } from "./order-names.ts";
import { reading } from "./read.ts";
import { readObservation } from "./read-order.ts";
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
  const doubt = accountDoubt((cause) => {
    world.log.warn("the account stream said what cannot be read", { cause });
    say({ kind: "feed.broken", stream: "user", cause });
  }, world);
  const observe = (ours: OrderWire): void => {
    const observation = reading(() => readObservation(ours, "stream"));
    if (observation.ok) return say({ kind: "order.observed", observation: observation.value });
    world.rejected("user", observation.error);
    doubt.raise(observation.error);
  };
  const held = heldBack(world, (row, last) => {
    const ours = names.named(row);
    if (ours) observe(ours);
    else if (last) foreign(row.product);
    return ours !== null;
  });
  const onOrder = (row: OrderWire): void => {
    const ours = names.named(row);
    if (ours) observe(ours);
    // The answer that tells the venue's id of a new order may still be on its way.
    else if (row.clientId === null) held.hold(row);
    else foreign(row.product);
  };
  return {
    hear: ({ body }) => {
      if (body.channel === "user") {
        body.rows.forEach(onOrder);
        for (const { clientId, why } of body.odd) {
          if (names.maybeOurs(clientId)) doubt.raise(why);
        }
      }
      snapshot.note(body);
      // Before that, an order could change between a listing asked for now and the stream's first word of it.
      if (snapshot.whole() && !doubt.raised()) alive();
    },
    over: () => {
      snapshot.stop();
      doubt.stop();
      held.stop();
    },
  };
}

function snapshotEnd({ timers }: StreamWorld) {
  let whole = false;
  let begun = false;
  let stop: () => void = () => undefined;
  const wait = (): void => {
    stop();
    stop = timers.after(SNAPSHOT_MS, () => {
      whole = true;
    });
  };
  /** Batches after the first may be called updates, as news are, but news come one order at a time. */
  const isBatch = ({ type, told }: UserTold["events"][number]): boolean => {
    if (type === "snapshot") begun = true;
    return type === "snapshot" || (begun && told !== 1);
  };
  return {
    whole: () => whole,
    note: (body: FrameBody): void => {
      if (whole) return;
      if (body.channel === "subscriptions" && body.set.has("user")) wait();
      if (body.channel !== "user") return;
      const batches = body.events.filter(isBatch);
      whole = batches.some(({ told }) => told < BATCH);
      if (whole) stop();
      else if (batches.length > 0) wait();
    },
    stop: () => stop(),
  };
}
