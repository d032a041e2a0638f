/** Confirmations as rows. The code that answers one is left out: it stands in the events only. */
import { eq, sql } from "drizzle-orm";
import { confirmations } from "../../../../db/projections.ts";
import type { Apply } from "./turn.ts";

const json = (value: unknown) => sql`${JSON.stringify(value)}::text::jsonb`;

export const opened: Apply<"confirmation.opened"> = async (turn, { seq, body }) => {
  const { confirmation } = body;
  await turn
    .insert(confirmations)
    .values({
      id: confirmation.id,
      verb: confirmation.proposal.verb,
      proposal: json(confirmation.proposal),
      snapshot: json(confirmation.snapshot),
      person: confirmation.by.person,
      room: confirmation.by.room,
      openedAt: new Date(confirmation.openedAt),
      expiresAt: new Date(confirmation.expiresAt),
      open: true,
      seq,
    })
    .onConflictDoNothing();
};

export const closed: Apply<"confirmation.closed"> = async (turn, { seq, at, body }) => {
  const { confirmation, outcome, by, detail } = body;
  await turn
    .update(confirmations)
    .set({ open: false, outcome, closedAt: at, closedBy: by?.person ?? null, detail, seq })
    .where(eq(confirmations.id, confirmation.id));
};
