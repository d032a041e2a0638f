/**
 * The Journal in Postgres. One statement commits: it locks the lease's epoch, sees that the numbers continue, and inserts
 * all rows or none. It has a connection of its own that carries nothing else.
 */
import type { ConnectionSpec } from "../../../db/connect.ts";
import { codeOf, messageOf } from "../../../db/fault.ts";
import { decodeEvent, encodeEvent } from "../../core/engine/codec.ts";
import type { Event } from "../../core/engine/event.ts";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import { instant, iso } from "../../core/kernel/time.ts";
import type { Journal, JournalFault } from "../../ports/journal.ts";
import { openCheckpoints } from "./checkpoints.ts";
import { openSession, type Session } from "./session.ts";
import { storableJson } from "./storable.ts";

export interface JournalOptions {
  readonly connection: ConnectionSpec;
  /** Of the lease that was taken. Under any other epoch nothing can be appended; reading works. */
  readonly epoch: number;
  /** After this an append is given up as unavailable. */
  readonly timeoutMs?: number;
}

export interface PostgresJournal extends Journal {
  close(): Promise<void>;
}

const APPEND_MS = 5_000;
const READ_MS = 30_000;
const UNIQUE_VIOLATION = "23505";
const DISK_FULL = "53100";

/** Connects when first used, and again after a loss. `read` and the checkpoints reject with the driver's error. */
export function openJournal({ connection, epoch, timeoutMs }: JournalOptions): PostgresJournal {
  const writing = openSession(connection, { name: "journal", timeoutMs: timeoutMs ?? APPEND_MS });
  const reading = openSession(connection, { name: "journal read", timeoutMs: READ_MS });
  const checkpoints = openCheckpoints(reading, epoch);
  return {
    append: (events) => append(writing, epoch, events),
    read: (after, limit) => read(reading, after, limit),
    latestCheckpoint: checkpoints.latest,
    writeCheckpoint: checkpoints.write,
    async close() {
      await Promise.all([writing.close(), reading.close()]);
    },
  };
}

async function append(
  session: Session,
  epoch: number,
  events: readonly Event[],
): Promise<Result<void, JournalFault>> {
  const [first] = events;
  if (!first) return ok(undefined);
  if (events.some((event, index) => event.seq !== first.seq + index)) {
    return outOfOrder(`the events handed in from ${first.seq} are not numbered without gaps`);
  }
  try {
    const found = await insert(session, epoch, events);
    if (!found.mine) return fail({ kind: "fenced" });
    if (found.stored === events.length) return ok(undefined);
    return await repeated({ session, epoch, events, tail: found.tail });
  } catch (error) {
    if (codeOf(error) === UNIQUE_VIOLATION)
      return unavailable("an earlier append was still running");
    return unavailable(detailOf(error));
  }
}

const detailOf = (error: unknown): string =>
  codeOf(error) === DISK_FULL
    ? `the disk of the database is full: free some space there; ${messageOf(error)}`
    : messageOf(error);

interface Repeat {
  readonly session: Session;
  readonly epoch: number;
  readonly events: readonly Event[];
  /** Number of the last stored event. */
  readonly tail: number;
}

/** Nothing was inserted because the numbers do not continue: a repetition is fine, all else is not. */
async function repeated({
  session,
  epoch,
  events,
  tail,
}: Repeat): Promise<Result<void, JournalFault>> {
  const known = events.filter((event) => event.seq <= tail);
  const [first] = known;
  if (!first) return outOfOrder(`the journal ends at ${tail}, not before ${events[0]?.seq}`);
  const [row] = await session.run(
    (client) => client<{ equal: number }[]>`
      select count(*)::int as equal
      from jsonb_to_recordset(${encoded(known)}::text::jsonb)
        as mine(seq bigint, at timestamptz, kind text, body jsonb)
      join claudbot.events as stored
        on stored.seq = mine.seq and stored.at = mine.at and stored.body = mine.body`,
  );
  if (row?.equal !== known.length) {
    return outOfOrder(`other events than these are stored from ${first.seq} on`);
  }
  return append(session, epoch, events.slice(known.length));
}

interface Inserted {
  readonly mine: boolean;
  readonly stored: number;
  readonly tail: number;
}

/** The key share lock makes a takeover wait for this statement, and this statement see a takeover. */
async function insert(
  session: Session,
  epoch: number,
  events: readonly Event[],
): Promise<Inserted> {
  const [row] = await session.run(
    (client) => client<{ mine: boolean; stored: number; tail: string }[]>`
      with fence as materialized (
        select from claudbot.lease where epoch = ${epoch}::bigint for key share
      ), tail as materialized (
        select coalesce(max(seq), 0) as seq from claudbot.events
      ), stored as (
        insert into claudbot.events (seq, epoch, at, kind, body)
        select seq, ${epoch}::bigint, at, kind, body
        from jsonb_to_recordset(${encoded(events)}::text::jsonb)
          as mine(seq bigint, at timestamptz, kind text, body jsonb)
        where exists (select from fence)
          and (select seq from tail) = ${(events[0]?.seq ?? 0) - 1}::bigint
        returning seq
      )
      select exists (select from fence) as mine,
             (select count(*)::int from stored) as stored,
             (select seq from tail) as tail`,
  );
  return { mine: row?.mine ?? false, stored: row?.stored ?? 0, tail: Number(row?.tail ?? 0) };
}

/** One JSON array: a single parameter whatever the number of events, so that the statement stays prepared. */
function encoded(events: readonly Event[]): string {
  const rows = events.map(
    ({ seq, at, body }) =>
      `{"seq":${seq},"at":"${iso(at)}","kind":${JSON.stringify(body.kind)},"body":${storableJson(encodeEvent(body))}}`,
  );
  return `[${rows.join(",")}]`;
}

async function read(session: Session, after: number, limit: number): Promise<readonly Event[]> {
  const rows = await session.run(
    (client) => client<{ seq: string; at: Date; body: string }[]>`
      select seq, at, body::text as body from claudbot.events
      where seq > ${after}::bigint order by seq limit ${limit}::int`,
  );
  return rows.map((row) => ({
    seq: Number(row.seq),
    at: instant(row.at.getTime()),
    body: decodeEvent(row.body),
  }));
}

const unavailable = (detail: string): Result<void, JournalFault> =>
  fail({ kind: "unavailable", detail });
const outOfOrder = (detail: string): Result<void, JournalFault> =>
  fail({ kind: "out-of-order", detail });
