/** Follows cursors to the end. A repeated cursor, a missing one and too many pages are faults, never loops. */
// A search that could not be finished must not look like one that found nothing.
import { fail, ok, type Result } from "../../../core/kernel/result.ts";
import type { Fault } from "../fault.ts";

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNext: boolean;
  readonly cursor: string | null;
}

const MOST_PAGES = 200;

/** All rows, in the order the venue gave them. Stops early, as complete, after a page that `enough` accepts. */
export async function allPages<Row>(
  ask: (cursor: string | null) => Promise<Result<Page<Row>, Fault>>,
  enough: (rows: readonly Row[]) => boolean = () => false,
): Promise<Result<readonly Row[], Fault>> {
  const rows: Row[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const page: Result<Page<Row>, Fault> = await ask(cursor);
    if (!page.ok) return page;
    rows.push(...page.value.rows);
    if (!page.value.hasNext || enough(page.value.rows)) return ok(rows);
    cursor = page.value.cursor;
    if (cursor === null) return fail({ kind: "shape", detail: "more pages but no cursor" });
    if (seen.has(cursor)) return fail({ kind: "shape", detail: "a page cursor came twice" });
    seen.add(cursor);
  }
  return fail({ kind: "shape", detail: `more than ${MOST_PAGES} pages` });
}
