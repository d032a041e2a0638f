/**
 * The Lease in Postgres: one row, whose epoch every append names. Times are those passed in, and are compared only for
 * being the same: neither the database's clock nor another holder's is believed. It must not share the journal's
 * connection: a renewal may not wait behind an append.
 */
import type { ConnectionSpec } from "../../../db/connect.ts";
import { fail, ok } from "../../core/kernel/result.ts";
import { instant, iso, later } from "../../core/kernel/time.ts";
import type { Lease, LeaseHeld } from "../../ports/lease.ts";
import { openSession, type Session } from "./session.ts";

export interface PostgresLease extends Lease {
  close(): Promise<void>;
}

const TIMEOUT_MS = 5_000;
const FREE = "1970-01-01T00:00:00.000Z";

/** Each call rejects with the driver's error when the database does not answer: the lease is then as it was. */
export function openLease(connection: ConnectionSpec): PostgresLease {
  const session = openSession(connection, { name: "lease", timeoutMs: TIMEOUT_MS });
  let held: LeaseHeld | null = null;
  return {
    look: () => current(session),
    async take(holder, at, ttlMs, seen) {
      const expiresAt = later(at, ttlMs);
      const [taken] = await session.run(
        (client) => client<{ epoch: string }[]>`
          update claudbot.lease
          set epoch = epoch + 1, holder = ${holder}, expires_at = ${iso(expiresAt)}::text::timestamptz
          where expires_at = ${FREE}::text::timestamptz
             or epoch = ${seen?.epoch ?? null}::bigint
                and expires_at = ${seen ? iso(seen.expiresAt) : null}::text::timestamptz
          returning epoch`,
      );
      if (!taken) return fail(await current(session));
      held = { epoch: Number(taken.epoch), holder, expiresAt };
      return ok(held);
    },
    async renew(at, ttlMs) {
      const mine = held;
      if (!mine) return fail({ kind: "lost" });
      const expiresAt = later(at, ttlMs);
      const renewed = await session.run(
        (client) => client`
          update claudbot.lease set expires_at = ${iso(expiresAt)}::text::timestamptz
          where epoch = ${mine.epoch}::bigint returning epoch`,
      );
      if (renewed.length === 0) {
        held = null;
        return fail({ kind: "lost" });
      }
      held = { ...mine, expiresAt };
      return ok(held);
    },
    async release() {
      const mine = held;
      held = null;
      if (!mine) return;
      await session.run(
        (client) => client`
          update claudbot.lease set expires_at = ${FREE}::text::timestamptz
          where epoch = ${mine.epoch}::bigint`,
      );
    },
    close: session.close,
  };
}

async function current(session: Session): Promise<LeaseHeld> {
  const [row] = await session.run(
    (client) => client<{ epoch: string; holder: string; expires: Date }[]>`
      select epoch, holder, expires_at as expires from claudbot.lease`,
  );
  if (!row) throw new Error("the lease has its one row from the migrations on");
  return {
    epoch: Number(row.epoch),
    holder: row.holder,
    expiresAt: instant(row.expires.getTime()),
  };
}
