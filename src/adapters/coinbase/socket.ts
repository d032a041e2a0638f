/** Keeps one subscription to a WebSocket host alive: a new connection, with backoff, whenever the last one is over. */
// It says `broken` exactly once per break: again only after a new connection was heard.
import type { Stream } from "../../core/engine/input.ts";
import type { Log } from "../../ports/log.ts";
import type { Entropy } from "../../ports/random.ts";
import type { Timers } from "../../ports/timers.ts";
import { backoffMs } from "./backoff.ts";
import {
  type Connection,
  type ConnectionPlan,
  type ConnectionWorld,
  openConnection,
} from "./connection.ts";
import { type Endpoint, route } from "./failover.ts";

export interface StreamPlan extends ConnectionPlan {
  readonly stream: Stream;
  readonly endpoint: Endpoint;
  /** Where the stream goes while its own endpoint is down, or null. */
  readonly elsewhere: Endpoint | null;
  readonly broken: (cause: string) => void;
}

export interface Supervised {
  stop(): Promise<void>;
}

interface World extends ConnectionWorld {
  readonly entropy: Entropy;
  readonly log: Log;
  readonly disconnected?: ((endpoint: Stream) => void) | undefined;
}

const RECONNECT = { floorMs: 250, baseMs: 250, mostMs: 30_000 };
/** A connection that lived so long ends a row of failures. */
const STEADY_MS = 30_000;
/** How long a new connection waits for the end of the old one. */
const OLD_ONE_MS = 5000;

export function supervise(plan: StreamPlan, world: World): Supervised {
  const { timers, clock, log } = world;
  const way = route(plan.endpoint, plan.elsewhere);
  let current: Connection | null = null;
  let failures = 0;
  let steady = false;
  let said = false;
  let stopped = false;
  let openedAt = clock.now();
  let cancelNext: () => void = () => undefined;
  let cancelSteady: () => void = () => undefined;

  const watched: ConnectionPlan = {
    ...plan,
    hearer: (line) => {
      const hearer = plan.hearer(line);
      return {
        ...hearer,
        hear: (frame) => {
          said = false;
          hearer.hear(frame);
        },
      };
    },
  };

  const connect = (): void => {
    cancelNext = world.limits.connection(() => {
      openedAt = clock.now();
      steady = false;
      const connection = openConnection(way.current.url, watched, over, world);
      current = connection;
      cancelSteady = timers.after(STEADY_MS, () => {
        steady = connection.heard;
        if (steady) failures = 0;
      });
    });
  };

  const over = (cause: string): void => {
    cancelSteady();
    if (stopped) return;
    const left = way.current;
    if (current?.opened) world.disconnected?.(left.name);
    if (!said) {
      said = true;
      plan.broken(way.away ? `${cause} (on the ${left.name} endpoint)` : cause);
    }
    way.after({ steady, livedMs: clock.now() - openedAt });
    if (way.current !== left) {
      const fields = { stream: plan.stream, endpoint: way.current.name, cause };
      log.warn("a stream is tried on another endpoint", fields);
    }
    const waitMs = backoffMs(failures, RECONNECT, world.entropy);
    failures += 1;
    cancelNext = timers.after(waitMs, () => {
      const old = current;
      void (old ? ending(old, timers) : Promise.resolve()).then(() => {
        if (!stopped) connect();
      });
    });
  };

  connect();
  return {
    stop: async () => {
      stopped = true;
      cancelNext();
      cancelSteady();
      if (!current) return;
      current.retire();
      await ending(current, timers);
    },
  };
}

/** The end of a retired connection, or a bound on waiting for it. */
async function ending(connection: Connection, timers: Timers): Promise<void> {
  let cancel: () => void = () => undefined;
  const patience = new Promise<void>((enough) => {
    cancel = timers.after(OLD_ONE_MS, enough);
  });
  await Promise.race([connection.gone, patience]);
  cancel();
}
