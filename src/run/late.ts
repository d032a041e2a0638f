/** What is said long after it happened says so: old news must not look like new. Pure. */
import { labelled } from "../chat/compose.ts";
import type { WallClock } from "../chat/wall-clock.ts";
import type { Instant } from "../core/kernel/time.ts";
import type { Delivery } from "../ports/deliveries.ts";
import { editsKnown, LANES } from "./lane.ts";

const LATE_MS = 600_000;

/** Nobody waits for this answer any more. */
export const isTooOld = ({ lane, at }: Delivery, now: Instant): boolean =>
  lane === "reply" && now - at > LANES.reply.keepMs;

/** The row as it may leave now. An edit of a message that is there rings nobody, and is left as it is. */
export function dated(row: Delivery, now: Instant, wall: WallClock): Delivery {
  if (row.lane === "reply" || editsKnown(row) || now - row.at <= LATE_MS) return row;
  const day = wall.day(row.at) === wall.day(now) ? "" : `${wall.day(row.at)} `;
  const from = `${day}${wall.minutes(row.at)} ${wall.zone(row.at)}`;
  return { ...row, card: labelled(row.card, `late, from ${from}`) };
}
