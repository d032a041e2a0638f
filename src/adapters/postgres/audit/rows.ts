/** Rows of the audit as they stand, to the letter. It must not mend what it reads. */
import { and, asc, desc, eq, gt, isNotNull, lt } from "drizzle-orm";
import { audit } from "../../../../db/projections.ts";
import type { AuditRow, Decision } from "../../../core/control/audit.ts";
import { instant } from "../../../core/kernel/time.ts";
import type { Turn } from "../projections/turn.ts";
import { approvalsFrom, type Sealed } from "./chain.ts";

export type Reader = Pick<Turn, "select">;

type Stored = typeof audit.$inferSelect;

/** In the order of the chain. */
export async function rowsAfter(
  turn: Reader,
  after: number,
  limit: number,
): Promise<readonly Sealed[]> {
  const rows = await turn
    .select()
    .from(audit)
    .where(gt(audit.seq, after))
    .orderBy(asc(audit.seq))
    .limit(limit);
  return rows.map(sealedFrom);
}

/** Newest first. @param before only those with a lower number */
export async function newest(
  turn: Reader,
  count: number,
  before = Number.MAX_SAFE_INTEGER,
): Promise<readonly AuditRow[]> {
  const rows = await turn
    .select()
    .from(audit)
    .where(lt(audit.seq, before))
    .orderBy(desc(audit.seq))
    .limit(count);
  return rows.map(rowFrom);
}

export async function rowOfEvent(turn: Reader, eventSeq: number): Promise<AuditRow | null> {
  const [row] = await turn.select().from(audit).where(eq(audit.eventSeq, eventSeq));
  return row ? rowFrom(row) : null;
}

export async function rowsOfRequest(turn: Reader, request: string): Promise<readonly AuditRow[]> {
  const mine = and(isNotNull(audit.request), eq(audit.request, request));
  const rows = await turn.select().from(audit).where(mine).orderBy(asc(audit.seq));
  return rows.map(rowFrom);
}

/** Those that follow an event, oldest first. */
export async function rowsAfterEvent(
  turn: Reader,
  eventSeq: number,
  limit: number,
): Promise<readonly AuditRow[]> {
  const rows = await turn
    .select()
    .from(audit)
    .where(gt(audit.eventSeq, eventSeq))
    .orderBy(asc(audit.eventSeq))
    .limit(limit);
  return rows.map(rowFrom);
}

function rowFrom(row: Stored): AuditRow {
  const one = sealedFrom(row);
  return { ...one, approvals: approvalsFrom(one.approvals) };
}

const sealedFrom = (row: Stored): Sealed => ({
  ...row,
  at: instant(row.at.getTime()),
  decision: row.decision as Decision,
});
