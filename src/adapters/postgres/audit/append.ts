/** Adds what an event says to the chain, in the transaction of its page. It never changes a row that stands. */
import { desc, eq } from "drizzle-orm";
import { audit } from "../../../../db/projections.ts";
import type { Approval, AuditHead } from "../../../core/control/audit.ts";
import type { Event } from "../../../core/engine/event.ts";
import type { Turn } from "../projections/turn.ts";
import { approvalsFrom, START, sealed } from "./chain.ts";
import { entryOf } from "./entries.ts";

export interface Chain {
  /** Where it ends. */
  head(): AuditHead;
  append(event: Event): Promise<void>;
}

/** Where the rows that stand end. */
export async function chainAt(turn: Turn): Promise<Chain> {
  const [last] = await turn
    .select({ seq: audit.seq, hash: audit.hash })
    .from(audit)
    .orderBy(desc(audit.seq))
    .limit(1);
  let head: AuditHead = last ?? START;
  return {
    head: () => head,
    async append(event) {
      const request = entryOf(event.body, event.at)?.request;
      const earlier = request === undefined ? [] : await approvalsOf(turn, request);
      const row = sealed(event, head, () => earlier);
      if (row === null) return;
      await turn.insert(audit).values({ ...row, at: new Date(row.at) });
      head = row;
    },
  };
}

/** As the newest row of the request has them. */
async function approvalsOf(turn: Turn, request: string): Promise<readonly Approval[]> {
  const [last] = await turn
    .select({ approvals: audit.approvals })
    .from(audit)
    .where(eq(audit.request, request))
    .orderBy(desc(audit.seq))
    .limit(1);
  return last ? approvalsFrom(last.approvals) : [];
}
