/** Which of a room's rows were perhaps shown, each as it was sent: the most urgent first, then the oldest. Pure. */
import type { Delivery } from "../ports/deliveries.ts";
import { editsKnown, moreUrgent } from "./lane.ts";

export interface Doubted {
  readonly row: Delivery;
  readonly sent: Delivery;
}

export interface Knowledge {
  /** As it was said without its row, or null. */
  readonly unstored: (row: Delivery) => Delivery | null;
  readonly isDoubted: (row: Delivery) => boolean;
  /** What the row says of itself is no longer true. */
  readonly isKnown: (row: Delivery) => boolean;
}

/** An edit of a message that is there is simply made again; it is in doubt only when it perhaps became a message of its own. */
export const inDoubt = (rows: readonly Delivery[], knowledge: Knowledge): readonly Doubted[] => {
  const { unstored, isDoubted, isKnown } = knowledge;
  return rows
    .filter((row) => {
      if (isDoubted(row)) return true;
      return !editsKnown(row) && (unstored(row) !== null || (row.uncertain && !isKnown(row)));
    })
    .map((row) => ({ row, sent: unstored(row) ?? row }))
    .sort((a, b) => {
      if (a.row.lane !== b.row.lane) return moreUrgent(a.row.lane, b.row.lane) ? -1 : 1;
      return (a.sent.attemptedAt ?? 0) - (b.sent.attemptedAt ?? 0);
    });
};
