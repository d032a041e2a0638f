/**
 * Opens all that lives in the database: the journal under a fresh lease, projections, outbox, inbound rows. Until the lease
 * is had nothing is written but the name of the desk.
 */
import { type Database, openDatabase } from "../../db/database.ts";
import { DatabaseError } from "../../db/fault.ts";
import { openAuditBook, type PostgresAuditBook } from "../adapters/postgres/audit/book.ts";
import { openDeliveries, type PostgresDeliveries } from "../adapters/postgres/deliveries.ts";
import { openInbound, type PostgresInbound } from "../adapters/postgres/inbound.ts";
import { openJournal, type PostgresJournal } from "../adapters/postgres/journal.ts";
import { openLease, type PostgresLease } from "../adapters/postgres/lease.ts";
import { claimDatabase } from "../adapters/postgres/meta.ts";
import { type Projector, startProjector } from "../adapters/postgres/projector.ts";
import type { Config } from "../config/config.ts";
import type { Secrets } from "../config/secrets.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal } from "../ports/journal.ts";
import type { Lease, LeaseHeld } from "../ports/lease.ts";
import type { Log } from "../ports/log.ts";
import type { Timers } from "../ports/timers.ts";
import { type KeptLease, keepLease } from "../run/lease-keeper.ts";
import { type Taken, takeLease } from "../run/lease-taker.ts";
import { holderName, isGone, shownHolder } from "./holder.ts";

export interface Store {
  readonly database: Database;
  readonly journal: PostgresJournal;
  readonly deliveries: PostgresDeliveries;
  readonly inbound: PostgresInbound;
  readonly projector: Projector;
  readonly book: PostgresAuditBook;
  /** Under which all of this is written, and what may leave under it. */
  readonly standing: KeptLease;
  /** Gives the lease back and closes everything; never throws. */
  close(): Promise<void>;
}

/** Tests stand in the doors to the database here, from the first look at the lease on. */
export interface StoreDressing {
  lease<L extends Lease>(lease: L): L;
  journal<J extends Journal>(journal: J): J;
}

export interface StoreOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly fresh: boolean;
  /** Waits until the lease is free. */
  readonly standby: boolean;
  readonly leaseMs: number;
  /** Told whose lease it waits for, at once and then each minute. */
  readonly waiting: (holder: string, where: string) => void;
  /** Ends the waiting. */
  readonly until: Promise<unknown>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Another desk took over. */
  readonly lost: () => void;
  readonly dressing?: StoreDressing | undefined;
}

/**
 * @returns null when it was told to stop while it waited
 * @throws DatabaseError with one line and its fix
 */
export async function openStore(options: StoreOptions): Promise<Store | null> {
  const { config, secrets, fresh, clock, log } = options;
  const database = await openDatabase({
    url: secrets.databaseUrl?.reveal(),
    dataFolder: config.dataDir,
    databaseName: `claudbot_${config.profile}`,
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
    const bare = openLease(database.desk);
    const lease = options.dressing?.lease(bare) ?? bare;
    const taken = await take(lease, database, options);
    if (taken !== null) return opened({ database, lease, taken, options });
    await lease.close();
    await database.close();
    return null;
  } catch (error) {
    await database.close();
    throw error;
  }
}

type Had = Extract<Taken, { kind: "taken" }>;

/** @throws DatabaseError when another desk holds it, and this one does not stand by */
async function take(
  lease: PostgresLease,
  { where, restart }: Database,
  options: StoreOptions,
): Promise<Had | null> {
  const { leaseMs, standby, until } = options;
  const waiting = ({ holder }: LeaseHeld): void => options.waiting(shownHolder(holder), where);
  const wish = { holder: holderName(), leaseMs, isGone, standby, waiting, until, revive: restart };
  try {
    const taken = await takeLease({ lease, ...options }, wish);
    if (taken.kind === "taken") return taken;
    await lease.close();
    if (taken.kind === "told") return null;
    throw new DatabaseError(
      `Another desk (${shownHolder(taken.by.holder)}) writes to ${where}: stop it, start this one with --standby to wait for its end, or give it another database (DATABASE_URL=… or DATA_DIR=…).`,
    );
  } catch (error) {
    await lease.close();
    throw error;
  }
}

interface Parts {
  readonly database: Database;
  readonly lease: PostgresLease;
  readonly taken: Had;
  readonly options: StoreOptions;
}

function opened({ database, lease, taken, options }: Parts): Store {
  const { log, leaseMs, lost } = options;
  const connection = database.desk;
  const standing = keepLease({ lease, ...options }, { leaseMs, takenAt: taken.takenAt, lost });
  const bare = openJournal({ connection, epoch: taken.lease.epoch });
  const journal = options.dressing?.journal(bare) ?? bare;
  const deliveries = openDeliveries(connection);
  const inbound = openInbound(connection);
  const projector = startProjector({ connection, log });
  const book = openAuditBook(connection);
  return {
    database,
    journal: {
      ...journal,
      async append(events) {
        const answer = await journal.append(events);
        if (!answer.ok && answer.error.kind === "fenced") standing.lose();
        return answer;
      },
    },
    deliveries,
    inbound,
    projector,
    book,
    standing,
    async close() {
      standing.stop();
      await Promise.allSettled([
        projector.stop(),
        journal.close(),
        deliveries.close(),
        inbound.close(),
        book.close(),
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
}
