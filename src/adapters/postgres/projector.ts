/**
 * Derives the projections from the events, page by page: a page's rows and the cursor move in one transaction, so that a
 * crash repeats a page or does not. Nothing that trades waits for it.
 */
import { and, asc, eq, gt, inArray, lte, type SQL, sql } from "drizzle-orm";
import { type Client, type ConnectionSpec, connect, type Orm, orm } from "../../../db/connect.ts";
import { messageOf } from "../../../db/fault.ts";
import * as projections from "../../../db/projections.ts";
import { cursors, events } from "../../../db/schema.ts";
import type { AuditHead } from "../../core/control/audit.ts";
import { decodeEvent } from "../../core/engine/codec.ts";
import type { Event } from "../../core/engine/event.ts";
import { instant } from "../../core/kernel/time.ts";
import type { Log } from "../../ports/log.ts";
import { type Chain, chainAt } from "./audit/append.ts";
import { AUDITED } from "./audit/entries.ts";
import { project } from "./projections/table.ts";
import type { Turn } from "./projections/turn.ts";

export interface Projector {
  /** Something was appended. Cheap; many calls become one pass. */
  nudge(): void;
  /** Resolves when the rows hold the event with this number. Rejects when stopped first, or after half a minute. */
  caughtUp(seq: number): Promise<void>;
  /** Where the audit ended after the last page; null before the first, and while nothing is audited. */
  auditHead(): AuditHead | null;
  /** Derives what it was told of, for five seconds at most, and closes the connection. */
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
const AUDIT_CURSOR = "audit";

/** Begins at once where its cursor stands, and goes on after every nudge. */
export function startProjector({ connection, log }: ProjectorOptions): Projector {
  const client = open(connection);
  const database = orm(client);
  const waiting = new Set<Waiting>();
  let stopped = false;
  let overdue = false;
  let nudged = true;
  let cursor = 0;
  let head: AuditHead | null = null;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;

  const pass = async (): Promise<void> => {
    while (nudged && !overdue) {
      nudged = false;
      const page = await onePage(database);
      failures = 0;
      cursor = page.cursor;
      head = page.head.seq > 0 ? page.head : null;
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
    auditHead: () => head,
    async stop() {
      if (nudged && failures === 0) begin();
      stopped = true;
      // A server that says nothing must not keep the desk from ending: giving up its connection ends the page in hand.
      const late = setTimeout(() => {
        overdue = true;
        void client.end({ timeout: 0 }).catch(() => {});
      }, STOP_MS);
      await running;
      clearTimeout(late);
      clearTimeout(retry);
      for (const one of waiting) one.settle(new Error("the projector is stopped"));
      await client.end({ timeout: 1 }).catch(() => {});
    },
  };
}

/**
 * Empties the projections and derives them again from the first event. Safe beside a running projector. The audit stays as
 * it is: it is evidence, and nobody may empty it.
 */
export async function rebuildProjections(connection: ConnectionSpec): Promise<void> {
  const client = open(connection);
  try {
    const database = orm(client);
    await database.transaction(async (turn) => {
      await lockCursor(turn, CURSOR);
      const tables = Object.values(projections)
        .filter((table) => table !== projections.audit)
        .map((table) => sql`${table}`);
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

interface Page {
  readonly cursor: number;
  /** How many were derived; 0 when nothing is left. */
  readonly events: number;
  readonly head: AuditHead;
}

function onePage(database: Orm): Promise<Page> {
  return database.transaction(async (turn) => {
    const from = await lockCursor(turn, CURSOR);
    const audited = await lockCursor(turn, AUDIT_CURSOR);
    const chain = await chainAt(turn);
    if (audited < from) {
      const events = await auditPage(turn, chain, { from: audited, to: from });
      return { cursor: from, events, head: chain.head() };
    }
    const page = await eventsAfter(turn, from, PAGE);
    for (const event of page) {
      await project(turn, event);
      if (event.seq > audited) await chain.append(event);
    }
    const to = page.at(-1)?.seq ?? from;
    if (to > from) await moveCursor(turn, CURSOR, to);
    if (to > audited) await moveCursor(turn, AUDIT_CURSOR, to);
    return { cursor: to, events: page.length, head: chain.head() };
  });
}

/** Events from before there was an audit, or that a program without one has derived meanwhile. */
async function auditPage(
  turn: Turn,
  chain: Chain,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<number> {
  const page = await auditedAfter(turn, { from, to }, PAGE);
  for (const event of page) await chain.append(event);
  const last = page.at(-1)?.seq;
  await moveCursor(turn, AUDIT_CURSOR, page.length < PAGE || last === undefined ? to : last);
  return Math.max(1, page.length);
}

/** Those of the kinds that are audited, oldest first. */
export function auditedAfter(
  turn: Pick<Turn, "select">,
  { from, to }: { readonly from: number; readonly to: number },
  limit: number,
): Promise<readonly Event[]> {
  const within = and(gt(events.seq, from), lte(events.seq, to), inArray(events.kind, [...AUDITED]));
  return read(turn, within, limit);
}

const moveCursor = (turn: Turn, name: string, seq: number) =>
  turn.update(cursors).set({ seq }).where(eq(cursors.name, name));

export const eventsAfter = (
  turn: Pick<Turn, "select">,
  from: number,
  limit: number,
): Promise<readonly Event[]> => read(turn, gt(events.seq, from), limit);

async function read(
  turn: Pick<Turn, "select">,
  which: SQL | undefined,
  limit: number,
): Promise<readonly Event[]> {
  const rows = await turn
    .select({ seq: events.seq, at: events.at, body: sql<string>`${events.body}::text` })
    .from(events)
    .where(which)
    .orderBy(asc(events.seq))
    .limit(limit);
  return rows.map(({ seq, at, body }) => ({
    seq,
    at: instant(at.getTime()),
    body: decodeEvent(body),
  }));
}

/** The number of the last event that the projections hold. */
export const projectorCursor = (turn: Pick<Turn, "select">): Promise<number> =>
  cursorOf(turn, CURSOR);

/** The number of the last event that the audit has looked at. */
export const auditCursor = (turn: Pick<Turn, "select">): Promise<number> =>
  cursorOf(turn, AUDIT_CURSOR);

async function cursorOf(turn: Pick<Turn, "select">, name: string): Promise<number> {
  const [row] = await turn.select().from(cursors).where(eq(cursors.name, name));
  return row?.seq ?? 0;
}

/** Where the cursor stands. Another projector waits until this transaction ends. */
async function lockCursor(turn: Turn, name: string): Promise<number> {
  await turn.insert(cursors).values({ name, seq: 0 }).onConflictDoNothing();
  const [row] = await turn.select().from(cursors).where(eq(cursors.name, name)).for("update");
  return row?.seq ?? 0;
}
