/**
 * Derives the projections anew from the first event and compares them, byte for byte, with those that stand. It works
 * beside a running desk and holds up nobody: what is compared is one moment of the database.
 */
import { sql } from "drizzle-orm";
import { type ConnectionSpec, type Orm, orm } from "../../../db/connect.ts";
import { chainAt } from "./audit/append.ts";
import { project } from "./projections/table.ts";
import type { Turn } from "./projections/turn.ts";
import { eventsAfter, projectorCursor } from "./projector.ts";
import { openScratch, type Scratch, type ScratchTable } from "./scratch.ts";

export interface TableCheck {
  readonly name: string;
  readonly stored: Dump;
  readonly rebuilt: Dump;
  /** The first row that differs, as JSON, null where there is none; null when all are equal. */
  readonly difference: { readonly stored: string | null; readonly rebuilt: string | null } | null;
}

/** All rows of a table, whatever their order. */
export interface Dump {
  readonly rows: number;
  /** SHA-256. */
  readonly hash: string;
}

export interface ProjectionCheck {
  /** The event up to which the stored projections are derived, and the last one there is. */
  readonly upTo: number;
  readonly last: number;
  readonly tables: readonly TableCheck[];
}

const PAGE = 500;
const TIDY_EVERY = 10_000;

/** Rejects with the driver's error. */
export async function checkProjections(connection: ConnectionSpec): Promise<ProjectionCheck> {
  const scratch = await openScratch(connection);
  try {
    const database = orm(scratch.client);
    const derived = await deriveUntil(database, scratch, await projectorCursor(database));
    return await database.transaction(
      async (turn) => {
        const upTo = await projectorCursor(turn);
        // What the desk has derived since then.
        for (let at = derived; at < upTo; ) at = await page(turn, at, upTo);
        const tables: TableCheck[] = [];
        for (const table of scratch.tables) tables.push(await check(turn, table));
        return { upTo, last: await lastEvent(turn), tables };
      },
      { isolationLevel: "repeatable read", accessMode: "read only" },
    );
  } finally {
    await scratch.close();
  }
}

/** In many small transactions: what was replaced can be taken away between them. */
async function deriveUntil(database: Orm, scratch: Scratch, end: number): Promise<number> {
  let at = 0;
  let tidied = 0;
  while (at < end) {
    const from = at;
    at = await database.transaction((turn) => page(turn, from, end));
    if (at - tidied < TIDY_EVERY) continue;
    tidied = at;
    await scratch.tidy();
  }
  return at;
}

/** @returns the number of the last event derived */
async function page(turn: Turn, after: number, end: number): Promise<number> {
  const events = await eventsAfter(turn, after, Math.min(PAGE, end - after));
  const last = events.at(-1)?.seq;
  if (last === undefined) throw new Error(`event ${after + 1} is missing`);
  const chain = await chainAt(turn);
  for (const event of events) {
    await project(turn, event);
    await chain.append(event);
  }
  return last;
}

async function check(turn: Turn, table: ScratchTable): Promise<TableCheck> {
  const [here, there] = [`claudbot.${table.name}`, `pg_temp.${table.name}`];
  const stored = await dump(turn, here);
  const rebuilt = await dump(turn, there);
  if (stored.hash === rebuilt.hash) {
    return { name: table.name, stored, rebuilt, difference: null };
  }
  const [row] = await turn.execute<{ stored: string | null; rebuilt: string | null }>(
    sql.raw(`
      select to_jsonb(a)::text as stored, to_jsonb(b)::text as rebuilt
      from ${here} as a full join ${there} as b using (${table.key})
      where a::text is distinct from b::text order by ${table.key} limit 1`),
  );
  return { name: table.name, stored, rebuilt, difference: row ?? null };
}

async function dump(turn: Turn, table: string): Promise<Dump> {
  const [row] = await turn.execute<{ rows: number; hash: string }>(
    sql.raw(`
      select count(*)::int as rows,
             encode(sha256(coalesce(string_agg(sha256(convert_to(t::text, 'UTF8')), ''::bytea
                                               order by t::text collate "C"), ''::bytea)), 'hex') as hash
      from ${table} as t`),
  );
  return { rows: row?.rows ?? 0, hash: row?.hash ?? "" };
}

async function lastEvent(turn: Turn): Promise<number> {
  const [row] = await turn.execute<{ last: string }>(
    sql`select coalesce(max(seq), 0) as last from claudbot.events`,
  );
  return Number(row?.last ?? 0);
}
