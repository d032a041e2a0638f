/** Proves that a start from the checkpoint knows what all events since the first say. It reads, and changes nothing. */
import type { Event } from "../core/engine/event.ts";
import type { Journal } from "../ports/journal.ts";
import { canonical, firstDifference } from "./first-difference.ts";
import { recover } from "./recover.ts";

export interface Refolded {
  /** Number of the last event looked at. */
  readonly upTo: number;
  /** Of the checkpoint that a start would use, or null when it folds everything. */
  readonly checkpoint: number | null;
  /** The state as all events make it, as text that is the same wherever it was made. */
  readonly state: string;
  /** Path and both sides, the checkpoint's first; null when they agree. */
  readonly difference: string | null;
}

/** Rejects when an event is missing or cannot be read. */
export async function refold(journal: Journal): Promise<Refolded> {
  const still = await stillJournal(journal);
  const first = await recover(still, "first");
  const quick = await recover(still);
  const checkpoint = await still.latestCheckpoint();
  return {
    upTo: first.desk.seq,
    checkpoint: checkpoint?.seq ?? null,
    state: canonical(first.desk),
    difference: firstDifference(quick.desk, first.desk),
  };
}

/** The journal as it is now, though a desk goes on writing: nothing after the last event of this moment. */
async function stillJournal(journal: Journal): Promise<Journal> {
  const checkpoint = await journal.latestCheckpoint();
  const end = await lastSeq(journal, checkpoint?.seq ?? 0);
  const read = async (after: number, limit: number): Promise<readonly Event[]> =>
    (await journal.read(after, limit)).filter(({ seq }) => seq <= end);
  return { ...journal, read, latestCheckpoint: async () => checkpoint };
}

const PAGE = 1000;

async function lastSeq(journal: Journal, from: number): Promise<number> {
  let last = from;
  for (;;) {
    const page = await journal.read(last, PAGE);
    last = page.at(-1)?.seq ?? last;
    if (page.length < PAGE) return last;
  }
}
