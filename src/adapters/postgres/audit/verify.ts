/**
 * Walks the chain: every row whole in itself and sealed onto the one before, and the same as what the journal says anew.
 * Whoever rewrites journal and chain together is seen only by a head that was kept elsewhere.
 */
import type { AuditVerdict } from "../../../chat/records.ts";
import { type Approval, type AuditHead, shortHash } from "../../../core/control/audit.ts";
import { auditCursor, auditedAfter } from "../projector.ts";
import { approvalsFrom, hashOf, type Sealed, START, sealed } from "./chain.ts";
import { entryOf } from "./entries.ts";
import { type Reader, rowsAfter } from "./rows.ts";

const PAGE = 500;

interface Broken {
  readonly row: number;
  readonly why: string;
}

/** `turn` is one view of the database. `anchor`: a hash, or its short form. */
export async function verifyChain(turn: Reader, anchor?: string): Promise<AuditVerdict> {
  const upTo = await auditCursor(turn);
  const derived = derivedRows(turn, upTo);
  let head = START;
  let found: number | null = null;
  const verdict = async (broken: Broken | null): Promise<AuditVerdict> => ({
    rows: head.seq,
    head: head.seq === 0 ? null : { seq: head.seq, hash: head.hash },
    upTo,
    behind: await countBehind(turn, upTo),
    broken,
    ...(anchor === undefined ? {} : { anchored: found }),
  });
  for (;;) {
    const page = await rowsAfter(turn, head.seq, PAGE);
    for (const row of page) {
      const why = flaw(row, head) ?? unlike(row, (await derived.next()).value ?? null);
      if (why !== null) return verdict({ row: head.seq + 1, why });
      if (anchor !== undefined && isMeant(row.hash, anchor)) found = row.seq;
      head = row;
    }
    if (page.length < PAGE) break;
  }
  const more = (await derived.next()).value;
  if (!more) return verdict(null);
  const why = `it is missing: event ${more.eventSeq} (${more.kind}) stands in the journal, and no row for it`;
  return verdict({ row: head.seq + 1, why });
}

/** The cursor is the desk's to move, and proves nothing: what of the journal should have a row and lies behind it. */
async function countBehind(turn: Reader, upTo: number): Promise<number> {
  let count = 0;
  for (let from = upTo; ; ) {
    const page = await auditedAfter(turn, { from, to: Number.MAX_SAFE_INTEGER }, PAGE);
    count += page.filter(({ body, at }) => entryOf(body, at) !== null).length;
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return count;
    from = last.seq;
  }
}

/** What is wrong with a row by itself and as the next of the chain; null for nothing. */
function flaw(row: Sealed, head: AuditHead): string | null {
  if (row.seq !== head.seq + 1) {
    const gone = row.seq - head.seq - 1;
    return gone === 1 ? "it is missing" : `it and ${gone - 1} after it are missing`;
  }
  if (hashOf(row) !== row.hash) return "its fields are not those that were sealed";
  if (row.previous !== head.hash) return "it is not sealed onto the row before it";
  return null;
}

/** How a row that is whole differs from what the journal says; null for not at all. */
function unlike(row: Sealed, from: Sealed | null): string | null {
  if (from === null) return `the journal has no such event (${row.eventSeq}, ${row.kind})`;
  if (row.hash === from.hash) return null;
  const fields = (Object.keys(from) as (keyof Sealed)[]).filter(
    (field) => field !== "hash" && field !== "previous" && row[field] !== from[field],
  );
  const [field] = fields;
  if (field === undefined) return "the journal gives it another hash";
  return `the journal says otherwise: ${field} is ${shown(row[field])}, there ${shown(from[field])}`;
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? "nothing";

/** The chain as the journal makes it, row by row. */
async function* derivedRows(turn: Reader, upTo: number): AsyncGenerator<Sealed, undefined> {
  const approvals = new Map<string, readonly Approval[]>();
  let head = START;
  for (let from = 0; from < upTo; ) {
    const page = await auditedAfter(turn, { from, to: upTo }, PAGE);
    for (const event of page) {
      const row = sealed(event, head, (request) => approvals.get(request) ?? []);
      if (row === null) continue;
      if (row.request !== null) approvals.set(row.request, approvalsFrom(row.approvals));
      // Nothing follows the end of a request: a long journal must not fill the memory.
      if (row.request !== null && row.kind === "confirmation.closed") approvals.delete(row.request);
      head = row;
      yield row;
    }
    from = page.length < PAGE ? upTo : (page.at(-1)?.seq ?? upTo);
  }
  return undefined;
}

const isMeant = (hash: string, anchor: string): boolean =>
  anchor.includes("…") ? shortHash(hash) === anchor : hash === anchor;
