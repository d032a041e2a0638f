/**
 * Derives the projections from the events, page by page: a page's rows and the cursor move in one transaction, so that a
 * crash repeats a page or does not. Nothing that trades waits for it.
 */
import { asc, eq, gt, sql } from "drizzle-orm";
import { type Client, type ConnectionSpec, connect, type Orm, orm } from "../../../db/connect.ts";
import { messageOf } from "../../../db/fault.ts";
import * as projections from "../../../db/projections.ts";
import { cursors, events } from "../../../db/schema.ts";
import { decodeEvent } from "../../core/engine/codec.ts";
import type { Event } from "../../core/engine/event.ts";
import { instant } from "../../core/kernel/time.ts";
import type { Log } from "../../ports/log.ts";
import { project } from "./projections/table.ts";
import type { Turn } from "./projections/turn.ts";

export interface Projector {
  /** Something was appended. Cheap; many calls become one pass. */
  nudge(): void;
  /** Resolves when the rows hold the event with this number. Rejects when stopped first, or after half a minute. */
  caughtUp(seq: number): Promise<void>;
  /** Ends after the page in hand and closes the connection. */
  stop(): Promise<void>;
}

export interface ProjectorOptions {
  readonly connection: ConnectionSpec;
  readonly log: Log;
}

interface Waiting {
  readonly seq: number;
  readonly settle: (failure: Error | null) => void;
}

const PAGE = 500;
const STATEMENT_MS = 30_000;
const CAUGHT_UP_MS = 30_000;
const STOP_MS = 5_000;
const LONGEST_RETRY_MS = 5_000;
const FIRST_RETRY_MS = 100;
const CURSOR = "projector";

/** Begins at once where its cursor stands, and goes on after every nudge. */
export function startProjector({ connection, log }: ProjectorOptions): Projector {
  const client = open(connection);
  const database = orm(client);
  const waiting = new Set<Waiting>();
  let stopped = false;
  let nudged = true;
  let cursor = 0;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;

  const pass = async (): Promise<void> => {
    while (nudged && !stopped) {
      nudged = false;
      const page = await onePage(database);
      failures = 0;
      cursor = page.cursor;
      if (page.events > 0) nudged = true;
      for (const one of waiting) if (one.seq <= cursor) one.settle(null);
    }
  };
  const begin = (): void => {
    if (running || stopped) return;
    clearTimeout(retry);
    running = pass()
      .catch((error: unknown) => {
        failures += 1;
        if (failures === 1) log.warn("projections are behind", { cause: messageOf(error) });
        nudged = true;
        retry = setTimeout(begin, Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures));
      })
      .finally(() => {
        running = null;
        if (nudged && failures === 0) begin();
      });
  };
  const nudge = (): void => {
    nudged = true;
    if (failures === 0) begin();
  };
  begin();
  return {
    nudge,
    caughtUp(seq) {
      if (seq <= cursor) return Promise.resolve();
      if (stopped) return Promise.reject(new Error("the projector is stopped"));
      nudge();
      return waitFor(waiting, seq);
    },
    async stop() {
      stopped = true;
      // A server that says nothing must not keep the desk from ending: giving up its connection ends the page in hand.
      const late = setTimeout(() => void client.end({ timeout: 0 }).catch(() => {}), STOP_MS);
      await running;
      clearTimeout(late);
      clearTimeout(retry);
      for (const one of waiting) one.settle(new Error("the projector is stopped"));
      await client.end({ timeout: 1 }).catch(() => {});
    },
  };
}

/** Empties the projections and derives them again from the first event. Safe beside a running projector. */
export async function rebuildProjections(connection: ConnectionSpec): Promise<void> {
  const client = open(connection);
  try {
    const database = orm(client);
    await database.transaction(async (turn) => {
      await lockCursor(turn);
      const tables = Object.values(projections).map((table) => sql`${table}`);
      await turn.execute(sql`truncate ${sql.join(tables, sql`, `)}`);
      await turn.update(cursors).set({ seq: 0 }).where(eq(cursors.name, CURSOR));
    });
    let left = 1;
    while (left > 0) left = (await onePage(database)).events;
  } finally {
    await client.end({ timeout: 1 });
  }
}

const open = (connection: ConnectionSpec): Client =>
  connect(connection, { name: "projector", statementTimeoutMs: STATEMENT_MS });

function waitFor(waiting: Set<Waiting>, seq: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const one: Waiting = {
      seq,
      settle(failure) {
        clearTimeout(timer);
        waiting.delete(one);
        if (failure) reject(failure);
        else resolve();
      },
    };
    const timer = setTimeout(
      () => one.settle(new Error(`the projections did not reach event ${seq} in time`)),
      CAUGHT_UP_MS,
    );
    waiting.add(one);
  });
}

function onePage(database: Orm): Promise<{ readonly cursor: number; readonly events: number }> {
  return database.transaction(async (turn) => {
    const from = await lockCursor(turn);
    const page = await eventsAfter(turn, from, PAGE);
    for (const event of page) await project(turn, event);
    const to = page.at(-1)?.seq ?? from;
    if (to > from) await turn.update(cursors).set({ seq: to }).where(eq(cursors.name, CURSOR));
    return { cursor: to, events: page.length };
  });
}

export async function eventsAfter(
  turn: Pick<Turn, "select">,
  from: number,
  limit: number,
): Promise<readonly Event[]> {
  const rows = await turn
    .select({ seq: events.seq, at: events.at, body: sql<string>`${events.body}::text` })
    .from(events)
    .where(gt(events.seq, from))
    .orderBy(asc(events.seq))
    .limit(limit);
  return rows.map(({ seq, at, body }) => ({
    seq,
    at: instant(at.getTime()),
    body: decodeEvent(body),
  }));
}

/** The number of the last event that the projections hold. */
export async function projectorCursor(turn: Pick<Turn, "select">): Promise<number> {
  const [row] = await turn.select().from(cursors).where(eq(cursors.name, CURSOR));
  return row?.seq ?? 0;
}

/** Where the cursor stands. Another projector waits until this transaction ends. */
async function lockCursor(turn: Turn): Promise<number> {
  await turn.insert(cursors).values({ name: CURSOR, seq: 0 }).onConflictDoNothing();
  const [row] = await turn.select().from(cursors).where(eq(cursors.name, CURSOR)).for("update");
  return row?.seq ?? 0;
}
