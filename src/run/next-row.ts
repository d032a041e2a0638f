/** Which of a room's waiting rows leaves next, and which of them one message stands for. Pure. */
import type { Instant } from "../core/kernel/time.ts";
import type { Delivery, Lane } from "../ports/deliveries.ts";
import { editsKnown, moreUrgent } from "./lane.ts";

/** This lane and those less urgent say nothing until then: one of their messages could not be sent. */
export interface Hush {
  readonly lane: Lane;
  readonly until: Instant;
}

export interface Spacing {
  readonly now: Instant;
  readonly hush: Hush | null;
  /** Edits of uncertain outcome, and when they may be repeated. */
  readonly notBefore: ReadonlyMap<number, Instant>;
  /** When the last edit of each lane left. */
  readonly lastEdit: Readonly<Record<Lane, number>>;
  readonly editEveryMs: number;
  /** How long the room's pace asks an edit to wait: it leaves untouched what is kept for messages. */
  readonly editPaceMs: number;
}

export type Choice =
  /** Sent as one message: under the first row's id, with the last row's card. */
  | { readonly kind: "send"; readonly group: readonly Delivery[] }
  | { readonly kind: "wait"; readonly ms: number | null };

const CRITICAL_EDIT_MS = 1_000;

/** How long this lane has to keep quiet; 0 for not at all. */
export const hushedMs = (hush: Hush | null, lane: Lane, now: Instant): number =>
  hush === null || moreUrgent(lane, hush.lane) ? 0 : Math.max(0, hush.until - now);

/** @param rows most urgent first, then oldest. A message is never overtaken by a later one of its own key. */
export function choose(rows: readonly Delivery[], spacing: Spacing): Choice {
  const held = new Set<string>();
  let wait: number | null = null;
  for (const row of rows) {
    const quietMs = hushedMs(spacing.hush, row.lane, spacing.now);
    // What is less urgent than a hushed row is hushed as well.
    if (quietMs > 0) return { kind: "wait", ms: Math.min(quietMs, wait ?? quietMs) };
    if (row.key !== null && held.has(row.key)) continue;
    const ms = waitFor(row, spacing);
    if (ms <= 0) return { kind: "send", group: collapsed(row, rows) };
    wait = wait === null ? ms : Math.min(wait, ms);
    if (row.key !== null) held.add(row.key);
    // Answers keep their order: none leaves before one that has to be tried again.
    if (row.lane === "reply") return { kind: "wait", ms: wait };
  }
  return { kind: "wait", ms: wait };
}

function waitFor(row: Delivery, spacing: Spacing): number {
  const { now, notBefore, lastEdit, editEveryMs, editPaceMs } = spacing;
  const uncertainUntil = notBefore.get(row.id) ?? 0;
  const every = row.lane === "critical" ? Math.min(CRITICAL_EDIT_MS, editEveryMs) : editEveryMs;
  const editFrom = editsKnown(row) ? Math.max(lastEdit[row.lane] + every, now + editPaceMs) : 0;
  return Math.max(uncertainUntil, editFrom) - now;
}

/** The row and the edits of the same message that wait behind it, up to one that must be a message of its own. */
function collapsed(head: Delivery, rows: readonly Delivery[]): readonly Delivery[] {
  if (!head.edit || head.key === null) return [head];
  const later = rows
    .filter((row) => row.key === head.key && row.id > head.id)
    .sort((a, b) => a.id - b.id);
  const end = later.findIndex((row) => !row.edit);
  return [head, ...(end === -1 ? later : later.slice(0, end))];
}
