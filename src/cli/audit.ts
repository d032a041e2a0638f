/** The verb `audit`: the record of what people asked for and what became of it, and the proof that it is whole. It reads only. */
import type { ConnectionSpec } from "../../db/connect.ts";
import { openAuditBook, type PostgresAuditBook } from "../adapters/postgres/audit/book.ts";
import { openLease } from "../adapters/postgres/lease.ts";
import { systemClock } from "../adapters/system/clock.ts";
import {
  auditLine,
  isProven,
  seenLines,
  storyTimes,
  toldTimes,
  verdictLines,
} from "../chat/audit-line.ts";
import { eventId, eventSeq } from "../chat/event-id.ts";
import { iso } from "../core/kernel/time.ts";
import { UsageError } from "./flags.ts";
import { isGone } from "./holder.ts";
import { flagsOf, SHELL, type Shell, told, wholeNumber } from "./look.ts";
import { openedDatabase } from "./replay-database.ts";
import { StartError } from "./start-error.ts";

const FLAGS = {
  profile: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

const HELP = `npm run claudbot -- audit [count] [flags]
  the newest lines of the audit, oldest first: who asked for what from where, what became of it; 10 unless told
npm run claudbot -- audit <message id> [flags]
  all around the event whose id ends a message, e.g. F7A3: who was told when, who did what, after how long
npm run claudbot -- audit verify [head] [flags]
  walks the whole chain and compares it with the journal. A head is what messages end with, 9c41…e0 (9c41...e0 will do), or
  the whole hash: it is looked for in the chain. Ends with 0 when the chain is whole, else with 1, naming the row; with 1
  too when events of the journal have no line yet and no desk runs that would add it
  --profile demo|paper|shadow   whose database; a desk may run on it, and need not
  --json                        the rows with all their fields
`;

const USUAL = "10";
/** An id that ends a message has four characters or more. */
const MOST = 999;
/** A long journal takes its time here. */
const TIMEOUT_MS = 600_000;
const HASH = /^(?:[0-9a-f]{64}|[0-9a-f]{4}…[0-9a-f]{2})$/;

export const audit = (args: readonly string[], shell: Shell = SHELL): Promise<number> =>
  told("audit", shell, async () => {
    const { values, positionals } = flagsOf(args, FLAGS);
    if (values.help) {
      shell.out(HELP);
      return 0;
    }
    const [what = USUAL, ...rest] = positionals;
    const look = lookFor(what, rest, values.json ?? false, shell.out);
    return openedDatabase(
      shell,
      values.profile ?? null,
      async ({ database }) => {
        const book = openAuditBook(database.desk, TIMEOUT_MS);
        try {
          return await look(book, () => isDeskRunning(database.desk));
        } catch (error) {
          const why = error instanceof Error ? reasonOf(error) : String(error);
          throw new StartError(
            `the audit in ${database.where} cannot be read (${why}): npm run claudbot -- migrate brings the tables of an older version up to date`,
            { cause: error },
          );
        } finally {
          await book.close();
        }
      },
      true,
    );
  });

/** @param isRunning whether a desk runs on this database */
type Look = (book: PostgresAuditBook, isRunning: () => Promise<boolean>) => Promise<number>;

async function isDeskRunning(connection: ConnectionSpec): Promise<boolean> {
  const lease = openLease(connection);
  try {
    const { holder, expiresAt } = await lease.look();
    return expiresAt > systemClock.now() && !isGone(holder);
  } finally {
    await lease.close();
  }
}

/** @throws UsageError */
function lookFor(what: string, rest: readonly string[], json: boolean, out: Shell["out"]): Look {
  const say = (lines: readonly string[]): void => {
    for (const line of lines) out(`${line}\n`);
  };
  if (rest.length > (what === "verify" ? 1 : 0)) {
    throw new UsageError(`what is "${rest.join(" ")}" for? npm run claudbot -- audit --help`);
  }
  if (what === "verify") return verifying(rest[0], json, say);
  if (/^\d{1,3}$/.test(what)) {
    const count = wholeNumber("the count", what, MOST);
    return async (book) => {
      const rows = [...(await book.last(count))].reverse();
      say(rows.map((row) => (json ? JSON.stringify(row) : auditLine(row, iso))));
      if (rows.length === 0) say(["the audit is empty"]);
      return 0;
    };
  }
  const seq = eventSeq(what);
  if (seq === null) {
    throw new UsageError(`"${what}" is neither a count nor the id that ends a message nor verify`);
  }
  return async (book) => {
    const story = await book.about(seq);
    if (story === null) {
      say([`no event is called ${eventId(seq)}`]);
      return 1;
    }
    if (json) say([JSON.stringify(story)]);
    else {
      const { event, rows } = story;
      say([
        `${eventId(event.seq)} ${event.kind} at ${iso(event.at)}`,
        storyTimes(story),
        ...toldTimes(story).map((line) => `  told: ${line}`),
        ...seenLines(story).map((line) => `  ${line}`),
        ...rows.map((row) => `  ${auditLine(row, iso)}`),
      ]);
    }
    return 0;
  };
}

const CUT =
  "No desk runs that would add them: the end of the audit was cut off, or a desk ended in a crash. Start it and verify again.";

/** @throws UsageError */
function verifying(
  head: string | undefined,
  json: boolean,
  say: (lines: readonly string[]) => void,
): Look {
  const anchor = head?.toLowerCase().replace("...", "…");
  if (anchor !== undefined && !HASH.test(anchor)) {
    throw new UsageError(`"${head}" is no head: give it as 9c41…e0, or all 64 digits`);
  }
  return async (book, isRunning) => {
    const verdict = await book.verify(anchor);
    const isCut = verdict.behind > 0 && !(await isRunning());
    say(json ? [JSON.stringify(verdict)] : verdictLines(verdict, { anchor, whole: true }));
    if (isCut && !json) say([CUT]);
    return isProven(verdict) && !isCut ? 0 : 1;
  };
}

/** The driver's own words: what wraps them only repeats the statement. */
const reasonOf = (error: Error): string =>
  error.cause instanceof Error ? error.cause.message : error.message;
