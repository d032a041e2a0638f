/** Questions of people, answered from a view of the desk, or from the journal as long as that answers in time. */
import type { Card } from "../chat/card.ts";
import type { Asker } from "../chat/command.ts";
import type { Records } from "../chat/records.ts";
import type { Arrival } from "../ports/inbound.ts";
import type { Query } from "../ports/query.ts";
import type { Timers } from "../ports/timers.ts";
import type { Bench, Judgement } from "./judge.ts";
import * as refusals from "./refusals.ts";
import { within } from "./within.ts";

export interface AskingDoors {
  readonly timers: Timers;
  readonly query: Query;
  readonly book: Records;
}

const LOOK_MS = 9_000;

export async function answered(
  { timers, query, book }: AskingDoors,
  { wall: clock, roster }: Pick<Bench, "wall" | "roster">,
  { account, room }: Arrival,
  asked: Extract<Judgement, { kind: "question" | "look" }>,
): Promise<Card> {
  const masked = roster.isMasked(room);
  const who: Asker = { person: asked.person, account, room, masked, clock };
  if (asked.kind === "question") return asked.ask(query.view(), who);
  const found = await within(timers, LOOK_MS, () => asked.look(book, who));
  if (found.ok) return found.value;
  return (found.error.kind === "late" ? asked.late : null) ?? refusals.noRecords();
}
