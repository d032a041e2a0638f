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

/** What stops a desk begins an incident; it lasts until what ends it, or whatever comes first. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  "breaker.tripped": ["trading.resumed", "trading.rearmed", "breaker.cleared"],
  "trading.paused": ["trading.resumed"],
  "trading.halted": ["trading.rearmed"],
  "trading.killed": ["trading.rearmed"],
  "security.noticed": ["platform.trusted", "desk.stopped"],
  "person.suspended": ["person.restored"],
  "alarm.tested": ["alarm.tested"],
};
/** It came to something. */
const ACTED: ReadonlySet<string> = new Set(["done", "confirmed", "denied"]);

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
  const after = (moment: number | undefined): number | null =>
    moment === undefined ? null : moment - at;
  const later = rows.filter((row) => row.eventSeq > eventSeq && row.person !== null);
  const times = told.flatMap((one) => (one.eventSeq === eventSeq ? (one.at ?? []) : []));
  return {
    event: { seq: event.seq, at, kind: event.kind },
    rows,
    deliveries: told,
    firstTold: times.length === 0 ? null : Math.min(...times) - at,
    firstAnswer: after(later[0]?.at),
    firstAction: after(later.find(({ decision }) => ACTED.has(decision))?.at),
  };
}

/** All of its request; all of its incident; or itself alone. */
async function rowsAround(
  turn: Reader,
  eventSeq: number,
  kind: string,
): Promise<readonly AuditRow[]> {
  const own = await rowOfEvent(turn, eventSeq);
  if (own?.request) return rowsOfRequest(turn, own.request);
  const ends = ENDS[kind];
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
