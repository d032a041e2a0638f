/** Messages of changes of risk carry where the audit stood: whoever keeps them can tell later whether it was rewritten. */
import { shortHash } from "../core/control/audit.ts";
import type { EventKind } from "../core/engine/event.ts";
import { type Card, MAX_LINES } from "./card.ts";

const CARRIERS: ReadonlySet<EventKind> = new Set<EventKind>([
  "confirmation.closed",
  "kill.finished",
  "limit.changed",
  "limit.reverted",
  "person.restored",
  "person.suspended",
  "platform.trusted",
  "policy.adopted",
  "stage.changed",
  "trading.rearmed",
  "trading.resumed",
]);

/** `head`: the hash last known, or null. A full card carries it at the end of its last line. */
export function anchored(card: Card, kind: EventKind, head: string | null): Card {
  if (head === null || !CARRIERS.has(kind)) return card;
  const mark = `Audit ${shortHash(head)}`;
  const { lines } = card;
  const last = lines.at(-1);
  if (last === undefined || lines.length < MAX_LINES) return { ...card, lines: [...lines, mark] };
  return { ...card, lines: [...lines.slice(0, -1), `${last} · ${mark}`] };
}
