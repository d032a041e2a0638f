/** Opens all that lives in the database: the journal under a fresh lease, projections, outbox, inbound rows. */
import { type Database, openDatabase } from "../../db/database.ts";
import { DatabaseError } from "../../db/fault.ts";
import { openDeliveries, type PostgresDeliveries } from "../adapters/postgres/deliveries.ts";
import { openInbound, type PostgresInbound } from "../adapters/postgres/inbound.ts";
import { openJournal, type PostgresJournal } from "../adapters/postgres/journal.ts";
import { openLease } from "../adapters/postgres/lease.ts";
import { claimDatabase } from "../adapters/postgres/meta.ts";
import { type Projector, startProjector } from "../adapters/postgres/projector.ts";
import type { Config } from "../config/config.ts";
import type { Secrets } from "../config/secrets.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import { keepLease, takeLease } from "../run/lease-keeper.ts";
import { holderName, isGone } from "./holder.ts";

export interface Store {
  readonly database: Database;
  readonly journal: PostgresJournal;
  readonly deliveries: PostgresDeliveries;
  readonly inbound: PostgresInbound;
  readonly projector: Projector;
  /** Gives the lease back and closes everything; never throws. */
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly fresh: boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Another desk took over. */
  readonly lost: () => void;
}

/** @throws DatabaseError with one line and its fix */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { config, secrets, fresh, clock, timers, log } = options;
  const database = await openDatabase({
    url: secrets.databaseUrl?.reveal(),
    dataFolder: config.dataDir,
    databaseName: config.profile === "paper" ? "claudbot_paper" : "claudbot_demo",
    fresh,
    log,
  });
  try {
    const identity = { mode: config.profile, name: config.name };
    const claimed = await claimDatabase(database.desk, identity, clock.now());
    if (!claimed.ok) {
      throw new DatabaseError(
        `${database.where} belongs to the ${claimed.error.mode} desk ${claimed.error.name}: give this ${config.profile} desk a database of its own (DATABASE_URL=…, or unset it).`,
      );
    }
    const lease = openLease(database.desk);
    const doors = { lease, clock, timers, log };
    const taken = await takeLease(doors, holderName(), isGone);
    if (!taken.ok) {
      await lease.close();
      throw new DatabaseError(
        `Another desk (${taken.error.holder}) writes to ${database.where} until at least ${new Date(taken.error.expiresAt).toISOString()}: stop it, or give this one another database (DATABASE_URL=… or DATA_DIR=…).`,
      );
    }
    const connection = database.desk;
    const journal = openJournal({ connection, epoch: taken.value.epoch });
    const deliveries = openDeliveries(connection);
    const inbound = openInbound(connection);
    const projector = startProjector({ connection, log });
    const release = keepLease(doors, options.lost);
    return {
      database,
      journal,
      deliveries,
      inbound,
      projector,
      async close() {
        release();
        await Promise.allSettled([
          projector.stop(),
          journal.close(),
          deliveries.close(),
          inbound.close(),
        ]);
        await lease
          .release()
          .catch((error: unknown) =>
            log.warn("the lease was not given back", { why: String(error) }),
          );
        await lease.close().catch(() => undefined);
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
