/** A line of the audit as people read it, on a phone and at the command line. */
import { type AuditRow, shortHash } from "../core/control/audit.ts";
import type { Instant } from "../core/kernel/time.ts";
import { eventId } from "./event-id.ts";
import { platformName } from "./platform.ts";
import type { AuditStory, AuditVerdict } from "./records.ts";

/** `14:07:05 Ana, Telegram: limits set … 150 → 200 · asked #F7A3` */
export function auditLine(row: AuditRow, when: (at: Instant) => string): string {
  const who = row.name ?? (row.decision === "by-itself" ? "the desk" : "");
  const where = row.platform === null ? "" : platformName(row.platform);
  const speaker = [who, where].filter((part) => part !== "").join(", ") || "the desk";
  const moved =
    row.before === null ? (row.after ?? "") : `${row.before} → ${row.after ?? "unknown"}`;
  const what = [row.words === null || row.action !== "attempt" ? row.action : row.words, moved];
  const times = row.count > 1 ? ` ${row.count}×` : "";
  const why = row.reason === "" ? "" : `: ${row.reason}`;
  const said = what.filter((part) => part !== "").join(" ");
  return `${when(row.at)} ${speaker}: ${said} · ${row.decision}${times}${why} #${eventId(row.eventSeq)}`;
}

/** `0.8 s`, `42 s`, `3 min 5 s`; exact below a second: `412 ms`. */
export function afterwards(ms: number | null): string {
  if (ms === null) return "not yet";
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
}

/** Each room once: when it was first told of the event itself. */
export function toldTimes({ event, deliveries }: AuditStory): readonly string[] {
  const own = deliveries.filter(({ eventSeq }) => eventSeq === event.seq);
  const rooms = [...new Set(own.map(({ room }) => room))];
  return rooms.map((room) => {
    const times = own.flatMap((one) => (one.room === room ? (one.at ?? []) : []));
    if (times.length > 0) return `${room} after ${afterwards(Math.min(...times) - event.at)}`;
    return `${room} not told (${own.find((one) => one.room === room)?.state ?? "unknown"})`;
  });
}

export const storyTimes = ({ firstTold, firstAnswer, firstAction }: AuditStory): string =>
  `First told after ${afterwards(firstTold)} · first answer ${afterwards(firstAnswer)} · action ${afterwards(firstAction)}`;

/** Which card whoever answered had before their eyes: `Bo approved, having seen a1b2… "RAISE asked by Ana"`. */
export function seenLines({ rows, deliveries }: AuditStory): readonly string[] {
  return (rows.at(-1)?.approvals ?? []).map(({ step, name, room, saw }) => {
    if (saw === null) return `${step} by ${name}: what was seen is not known`;
    const card = deliveries.find((one) => one.hash === saw && one.room === room);
    return `${step} by ${name}: saw ${saw.slice(0, 8)} ${card ? `"${card.headline}"` : "(no such row)"}`;
  });
}

/** The result first, then what else there is to say. */
export function verdictLines(of: AuditVerdict, whole: boolean): readonly string[] {
  const { rows, head, broken, anchored } = of;
  const hash = head === null ? "none" : whole ? head.hash : shortHash(head.hash);
  const lines =
    broken === null
      ? [`Audit whole: ${rows} rows, head ${hash}`]
      : [`Audit BROKEN at row ${broken.row}: ${broken.why}`, `Whole up to row ${rows}, ${hash}`];
  if (anchored === undefined) return lines;
  const found =
    anchored === null
      ? "No row has the head you gave: what stood then was rewritten, or it is none of ours."
      : `The head you gave is that of row ${anchored}: nothing up to there was rewritten.`;
  return [...lines, found];
}
