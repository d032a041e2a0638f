/** A line of the audit as people read it, on a phone and at the command line. */
import { type Approval, type AuditRow, shortHash } from "../core/control/audit.ts";
import type { Instant } from "../core/kernel/time.ts";
import { eventId } from "./event-id.ts";
import { many } from "./format.ts";
import { platformName } from "./platform.ts";
import type { AuditStory, AuditVerdict } from "./records.ts";

/**
 * `14:07:05 Ana, Telegram: limits set … 150 → 200 · asked #F7A3`
 * @param masked for a room where amounts are nobody's business: no values, and of what was typed the command alone
 */
export function auditLine(row: AuditRow, when: (at: Instant) => string, masked = false): string {
  const who = row.name ?? (row.decision === "by-itself" ? "the desk" : "");
  const where = row.platform === null ? "" : platformName(row.platform);
  const speaker = [who, where].filter((part) => part !== "").join(", ") || "the desk";
  const moved = [row.before ?? [], row.after ?? []].flat().join(" → ");
  const typed = row.action === "attempt" ? row.words : null;
  const what = masked ? [typed?.replace(/ .*/s, " …") ?? row.action] : [typed ?? row.action, moved];
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

/** What decides stands first. */
const STEPS: readonly Approval["step"][] = ["deny", "approve", "agreed", "code", "confirm"];

/**
 * Which card whoever answered had before their eyes, a no and a second yes first: `approve by Bo: saw a1b2c3d4 "RAISE asked
 * by Ana"`.
 */
export function seenLines({ rows, deliveries }: AuditStory): readonly string[] {
  const given = [...(rows.at(-1)?.approvals ?? [])];
  given.sort((a, b) => STEPS.indexOf(a.step) - STEPS.indexOf(b.step));
  return given.map(({ step, name, room, saw }) => {
    if (saw === null) return `${step} by ${name}: what was seen is not known`;
    const card = deliveries.find((one) => one.hash === saw && one.room === room);
    return `${step} by ${name}: saw ${saw.slice(0, 8)} ${card ? `"${card.headline}"` : "(no such row)"}`;
  });
}

/**
 * The result first, then what else there is to say.
 * @param anchor the head that was asked for, if one was
 * @param whole gives hashes in full
 */
export function verdictLines(
  { rows, head, behind, broken, anchored }: AuditVerdict,
  { anchor = "", whole }: { readonly anchor?: string | undefined; readonly whole: boolean },
): readonly string[] {
  const hash = head === null ? "none" : whole ? head.hash : shortHash(head.hash);
  const late = behind === 0 ? [] : [`${many(behind, "event")} not yet in the audit.`];
  const found =
    anchored === undefined || anchored === null
      ? []
      : [`The head you gave is that of row ${anchored}: nothing up to there was rewritten.`];
  if (broken !== null) {
    const lost = anchored === null ? [`No row has the head ${anchor}.`] : found;
    const why = `Audit BROKEN at row ${broken.row}: ${broken.why}`;
    return [why, `Whole up to row ${rows}, ${hash}`, ...lost, ...late];
  }
  const count = many(rows, "row");
  if (anchored === null) {
    return [
      `Audit: no row has the head ${anchor.length === 64 && !whole ? shortHash(anchor) : anchor}`,
      "What stood then was rewritten, or it is none of ours.",
      `What stands now agrees with the journal: ${count}, head ${hash}`,
      ...late,
    ];
  }
  const result = behind === 0 ? "Audit whole" : "Audit whole as far as it goes";
  return [`${result}: ${count}, head ${hash}`, ...late, ...found];
}

/** Nobody has to look at it again. */
export const isProven = ({ broken, anchored }: AuditVerdict): boolean =>
  broken === null && anchored !== null;
