/** /audit: who asked for what and what became of it; what happened around one message; whether anybody rewrote it. */
import {
  auditLine,
  isProven,
  seenLines,
  storyTimes,
  toldTimes,
  verdictLines,
} from "../src/chat/audit-line.ts";
import { type Card, MAX_LINES } from "../src/chat/card.ts";
import { type Asker, type Command, type Parsed, READ_FRESH } from "../src/chat/command.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId, eventSeq } from "../src/chat/event-id.ts";
import { many } from "../src/chat/format.ts";
import type { AuditStory, AuditVerdict } from "../src/chat/records.ts";
import type { AuditRow } from "../src/core/control/audit.ts";

/** As many lines as a phone shows, the head's own left out. */
const SHOWN = 6;
/** Of those who answered; the rest of the card is what happened. */
const MAX_SEEN = 3;
const HASH = /^(?:[0-9a-f]{64}|[0-9a-f]{4}…[0-9a-f]{2})$/;
const VERIFY = button("Verify", "/audit verify");

export const audit: Command = {
  words: "audit",
  usage: "/audit [count] | <message id> | verify [head]",
  help: "who asked for what and what became of it; around one message; is it whole",
  role: "operator",
  direction: "read",
  freshness: READ_FRESH,
  parse: ([first = "10", second, ...more]): Parsed => {
    if (more.length > 0) return USAGE;
    if (first.toLowerCase() === "verify") return verifying(second);
    if (/^\d{1,3}$/.test(first)) return listing(Number(first), second);
    const seq = eventSeq(first);
    if (seq === null || seq === 0 || second !== undefined) return USAGE;
    return { look: async (records, who) => storyCard(await records.about(seq), seq, who) };
  },
};

const USAGE: Parsed = {
  usage: "/audit or /audit 5; /audit F7A3 for the id that ends a message; /audit verify",
};

/** @param from only rows before this one */
function listing(count: number, from: string | undefined): Parsed {
  const before = from === undefined ? undefined : Number(from);
  if (count < 1 || (before !== undefined && !(Number.isSafeInteger(before) && before > 0))) {
    return USAGE;
  }
  const most = Math.min(count, SHOWN);
  return {
    look: async (records, who) => listCard(await records.last(most, before), most, who),
  };
}

function verifying(head: string | undefined): Parsed {
  const anchor = head?.toLowerCase().replace("...", "…");
  if (anchor !== undefined && !HASH.test(anchor)) {
    return { usage: "/audit verify, or with a head that a message gave: /audit verify 9c41…e0" };
  }
  return {
    look: async (records) => verdictCard(await records.verify(anchor), anchor),
    late: card({
      headline: "Not verified: the audit is too long for a chat",
      mark: "⚠️",
      lines: [`On the desk's own machine: ${onHost(["verify", head ?? ""])}`],
    }),
  };
}

const onHost = (words: readonly string[]): string =>
  `npm run claudbot -- audit ${words.join(" ")}`.trimEnd();

function listCard(rows: readonly AuditRow[], most: number, who: Asker): Card {
  const [newest] = rows;
  const oldest = rows.at(-1);
  const older = oldest && oldest.seq > 1 ? [button("Older", `/audit ${most} ${oldest.seq}`)] : [];
  return card({
    headline: newest ? `Audit · rows ${oldest?.seq}–${newest.seq}, newest first` : "Audit: empty",
    lines: rows.map((row) => auditLine(row, who.clock.seconds, who.masked)),
    buttons: [...older, VERIFY],
  });
}

function storyCard(story: AuditStory | null, seq: number, who: Asker): Card {
  if (story === null) {
    return card({ headline: `No event is called ${eventId(seq)}`, buttons: [VERIFY] });
  }
  const { event, rows } = story;
  const told = toldTimes(story);
  const seen = seenLines(story);
  const happened = rows.map((row) => auditLine(row, who.clock.seconds, who.masked));
  const { seconds, day, zone } = who.clock;
  return card({
    headline: `#${eventId(event.seq)} ${event.kind} · ${day(event.at)} ${seconds(event.at)} ${zone(event.at)}`,
    lines: [
      storyTimes(story),
      told.length === 0 ? "Nobody was told of it." : told.join(" · "),
      ...fitting(seen, happened, eventId(event.seq)),
    ],
    buttons: [button("Refresh", `/audit ${eventId(event.seq)}`), VERIFY],
  });
}

/** Who answered before what happened; what there is no place for is counted, and where it can be read is said. */
function fitting(
  seen: readonly string[],
  happened: readonly string[],
  id: string,
): readonly string[] {
  const place = MAX_LINES - 2;
  if (seen.length + happened.length <= place) return [...seen, ...happened];
  const first = seen.slice(0, MAX_SEEN);
  const shown = [...first, ...happened.slice(0, place - 1 - first.length)];
  const left = seen.length + happened.length - shown.length;
  return [...shown, `${many(left, "line")} more: ${onHost([id])}`];
}

function verdictCard(verdict: AuditVerdict, anchor: string | undefined): Card {
  const [headline = "", ...lines] = verdictLines(verdict, { anchor, whole: false });
  return card({
    headline,
    mark: isProven(verdict) ? "" : "🔴",
    lines: [
      ...lines,
      verdict.head && `Head ${verdict.head.hash}`,
      "Compare it with a head in an older message: /audit verify 9c41…e0",
    ],
    buttons: [button("Last", "/audit")],
  });
}
