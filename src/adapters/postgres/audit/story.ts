/** What happened around one event: who was told when, what people did, and after how long. */
import { and, asc, eq, gt, inArray, lte } from "drizzle-orm";
import { deliveries, events } from "../../../../db/schema.ts";
import type { Card } from "../../../chat/card.ts";
import { cardText, SEEN_DIGITS } from "../../../chat/card-text.ts";
import type { AuditStory, ToldRoom } from "../../../chat/records.ts";
import type { AuditRow } from "../../../core/control/audit.ts";
import { instant } from "../../../core/kernel/time.ts";
import { sha256 } from "./chain.ts";
import { type Reader, rowOfEvent, rowsAfterEvent, rowsOfRequest } from "./rows.ts";

/** More of one incident is a report. */
const MOST_ROWS = 200;
const MOST_TOLD = 200;

interface Incident {
  /** It lasts until one of these kinds, or whatever comes first. */
  readonly ends: readonly string[];
  /** What a person can do about it, by the first word of the line's action. */
  readonly acts: readonly string[];
}

const STOPPING = ["pause", "kill", "resume", "rearm", "flatten", "cancel", "order"];

/** What stops a desk begins an incident. */
const INCIDENTS: Readonly<Record<string, Incident>> = {
  "breaker.tripped": {
    ends: ["trading.resumed", "trading.rearmed", "breaker.cleared"],
    acts: STOPPING,
  },
  "trading.paused": { ends: ["trading.resumed"], acts: STOPPING },
  "trading.halted": { ends: ["trading.rearmed"], acts: STOPPING },
  "trading.killed": { ends: ["trading.rearmed"], acts: STOPPING },
  "security.noticed": {
    ends: ["platform.trusted", "desk.stopped"],
    acts: [...STOPPING, "trust", "suspend"],
  },
  "person.suspended": { ends: ["person.restored"], acts: ["restore"] },
  "alarm.tested": { ends: ["alarm.tested"], acts: ["heard"] },
};
/** It came to something. */
const ACTED: ReadonlySet<string> = new Set(["done", "confirmed", "denied"]);
/** Somebody asked or tried something, whatever came of it. */
const ANSWERS = /^(?:attempt|request|confirmation)\./;

/** Null where there is no such event. */
export async function storyOf(turn: Reader, eventSeq: number): Promise<AuditStory | null> {
  const [event] = await turn
    .select({ seq: events.seq, at: events.at, kind: events.kind })
    .from(events)
    .where(eq(events.seq, eventSeq));
  if (!event) return null;
  const at = instant(event.at.getTime());
  const rows = await rowsAround(turn, eventSeq, event.kind);
  const told = await toldOf(turn, [eventSeq, ...rows.map((row) => row.eventSeq)]);
  const times = told.flatMap((one) => (one.eventSeq === eventSeq ? (one.at ?? []) : []));
  return {
    event: { seq: event.seq, at, kind: event.kind },
    rows,
    deliveries: told,
    firstTold: times.length === 0 ? null : Math.min(...times) - at,
    ...answersTo({ seq: event.seq, at, kind: event.kind }, rows),
  };
}

/** How long after an event somebody first asked or tried something, and first did something about it. */
export function answersTo(
  { seq, at, kind }: AuditStory["event"],
  rows: readonly AuditRow[],
): Pick<AuditStory, "firstAnswer" | "firstAction"> {
  const acts = INCIDENTS[kind]?.acts ?? null;
  const isAct = ({ action, decision }: AuditRow): boolean =>
    ACTED.has(decision) && (acts?.includes(action.split(" ", 1)[0] ?? "") ?? true);
  const later = rows.filter(
    (row) => row.eventSeq > seq && row.person !== null && (ANSWERS.test(row.kind) || isAct(row)),
  );
  const after = (row: AuditRow | undefined): number | null => (row ? row.at - at : null);
  return { firstAnswer: after(later[0]), firstAction: after(later.find(isAct)) };
}

/** All of its request; all of its incident; or itself alone. */
async function rowsAround(
  turn: Reader,
  eventSeq: number,
  kind: string,
): Promise<readonly AuditRow[]> {
  const own = await rowOfEvent(turn, eventSeq);
  if (own?.request) return rowsOfRequest(turn, own.request);
  const ends = INCIDENTS[kind]?.ends;
  if (ends === undefined) return own ? [own] : [];
  const following = await rowsAfterEvent(turn, eventSeq, MOST_ROWS);
  const end = following.findIndex((row) => ends.includes(row.kind));
  return [...(own ? [own] : []), ...(end < 0 ? following : following.slice(0, end + 1))];
}

async function toldOf(turn: Reader, seqs: readonly number[]): Promise<readonly ToldRoom[]> {
  const rows = await turn
    .select({
      room: deliveries.room,
      eventSeq: deliveries.eventSeq,
      card: deliveries.card,
      state: deliveries.state,
      at: deliveries.deliveredAt,
    })
    .from(deliveries)
    .where(
      and(
        gt(deliveries.eventSeq, Math.min(...seqs) - 1),
        lte(deliveries.eventSeq, Math.max(...seqs)),
        inArray(deliveries.eventSeq, [...new Set(seqs)]),
      ),
    )
    .orderBy(asc(deliveries.id))
    .limit(MOST_TOLD);
  return rows.map(({ room, eventSeq, card, state, at }) => ({
    room,
    eventSeq: eventSeq ?? 0,
    headline: (card as Card).headline,
    state,
    at: at === null ? null : instant(at.getTime()),
    hash: sha256(cardText(card as Card)).slice(0, SEEN_DIGITS),
  }));
}
