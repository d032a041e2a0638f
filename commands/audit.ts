/** /audit: who asked for what and what became of it; what happened around one message; whether anybody rewrote it. */
import {
  auditLine,
  seenLines,
  storyTimes,
  toldTimes,
  verdictLines,
} from "../src/chat/audit-line.ts";
import type { Card } from "../src/chat/card.ts";
import { type Asker, type Command, type Parsed, READ_FRESH } from "../src/chat/command.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId, eventSeq } from "../src/chat/event-id.ts";
import type { AuditStory, AuditVerdict } from "../src/chat/records.ts";
import type { AuditRow } from "../src/core/control/audit.ts";

/** As many lines as a phone shows, the head's own left out. */
const SHOWN = 6;
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
  return { look: async (records) => verdictCard(await records.verify(anchor)) };
}

function listCard(rows: readonly AuditRow[], most: number, who: Asker): Card {
  const [newest] = rows;
  const oldest = rows.at(-1);
  const older = oldest && oldest.seq > 1 ? [button("Older", `/audit ${most} ${oldest.seq}`)] : [];
  return card({
    headline: newest ? `Audit · rows ${oldest?.seq}–${newest.seq}, newest first` : "Audit: empty",
    lines: rows.map((row) => auditLine(row, who.clock.seconds)),
    buttons: [...older, VERIFY],
  });
}

function storyCard(story: AuditStory | null, seq: number, who: Asker): Card {
  if (story === null) {
    return card({ headline: `No event is called ${eventId(seq)}`, buttons: [VERIFY] });
  }
  const { event, rows } = story;
  const told = toldTimes(story);
  const { seconds, day, zone } = who.clock;
  return card({
    headline: `#${eventId(event.seq)} ${event.kind} · ${day(event.at)} ${seconds(event.at)} ${zone(event.at)}`,
    lines: [
      storyTimes(story),
      told.length === 0 ? "Nobody was told of it." : told.join(" · "),
      ...seenLines(story).slice(0, 2),
      ...rows.map((row) => auditLine(row, seconds)),
    ],
    buttons: [button("Refresh", `/audit ${eventId(event.seq)}`), VERIFY],
  });
}

function verdictCard(verdict: AuditVerdict): Card {
  const [headline = "", ...lines] = verdictLines(verdict, false);
  return card({
    headline,
    mark: verdict.broken === null && verdict.anchored !== null ? "" : "🔴",
    lines: [
      ...lines,
      verdict.head && `Head ${verdict.head.hash}`,
      "Compare it with a head in an older message: /audit verify 9c41…e0",
    ],
    buttons: [button("Last", "/audit")],
  });
}
