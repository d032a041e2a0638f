/** Keeps one subscription to a WebSocket host alive: a new connection, with backoff, whenever the last one is over. */
// It says `broken` exactly once per break: again only after a new connection was heard.
import type { Entropy } from "../../ports/random.ts";
import type { Timers } from "../../ports/timers.ts";
import type { Transport } from "../../ports/transport.ts";
import { backoffMs } from "./backoff.ts";
import { type Connection, type ConnectionPlan, openConnection } from "./connection.ts";

export interface Supervised {
  stop(): Promise<void>;
}

const RECONNECT = { floorMs: 250, baseMs: 250, mostMs: 30_000 };
/** A connection that lived so long ends a row of failures. */
const STEADY_MS = 30_000;
/** How long a new connection waits for the end of the old one. */
const OLD_ONE_MS = 5000;

export function supervise(
  plan: ConnectionPlan,
  broken: (cause: string) => void,
  world: { readonly transport: Transport; readonly timers: Timers; readonly entropy: Entropy },
): Supervised {
  const { timers, entropy } = world;
  let current: Connection | null = null;
  let failures = 0;
  let said = false;
  let stopped = false;
  let cancelReconnect: () => void = () => undefined;
  let cancelSteady: () => void = () => undefined;

  const watched: ConnectionPlan = {
    ...plan,
    hear: (body) => {
      said = false;
      plan.hear(body);
    },
  };

  const connect = (): void => {
    const connection = openConnection(watched, (cause) => over(cause), world);
    current = connection;
    cancelSteady = timers.after(STEADY_MS, () => {
      if (connection.heard()) failures = 0;
    });
  };

  const over = (cause: string): void => {
    cancelSteady();
    if (stopped) return;
    if (!said) {
      said = true;
      broken(cause);
    }
    const waitMs = backoffMs(failures, RECONNECT, entropy);
    failures += 1;
    cancelReconnect = timers.after(waitMs, () => {
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
      cancelReconnect();
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
