/** One word that an operator may say. Parser, help and menu come from one table of these. */
// A command returns a request or a question; it never reads or changes anything by itself.
import type { Request } from "../core/control/request.ts";
import type { DeskView } from "../core/engine/views.ts";
import type { RoomId } from "../core/kernel/ids.ts";
import type { Card } from "./card.ts";
import type { Line } from "./line.ts";
import type { Person, Role } from "./person.ts";
import type { Records } from "./records.ts";
import type { WallClock } from "./wall-clock.ts";

/**
 * `mixed`: safe or risky depending on its arguments; treated as risky until the engine knows. `plain`: changes no risk, but
 * is no question either.
 */
export type Direction = "read" | "safe" | "risky" | "mixed" | "plain";

export interface Freshness {
  readonly maxAgeMs: number;
  /** What becomes of an older message: it is refused, or the desk pauses and asks. */
  readonly older: "refuse" | "pause-and-ask";
}

export const READ_FRESH: Freshness = { maxAgeMs: 300_000, older: "refuse" };
export const RISKY_FRESH: Freshness = { maxAgeMs: 60_000, older: "refuse" };
export const SAFE_FRESH: Freshness = { maxAgeMs: 600_000, older: "pause-and-ask" };
/** For what changes no risk: too late it is refused, and nothing else happens. */
export const PLAIN_FRESH: Freshness = { maxAgeMs: 600_000, older: "refuse" };
/** For what can do no harm however late it comes. */
export const ALWAYS_FRESH: Freshness = { maxAgeMs: Number.POSITIVE_INFINITY, older: "refuse" };

/** Who asks, from where, and how times are told to them. */
export interface Asker {
  readonly person: Person;
  readonly account: string;
  readonly room: RoomId;
  /** Percentages are shown there, and no amounts. */
  readonly masked?: boolean;
  readonly clock: WallClock;
}

export type Parsed =
  | {
      readonly request: Request;
      /** The role that these arguments need, when it is more than the command's own. */
      readonly needs?: (view: DeskView, who: Person) => Role;
      /** Whether it may raise risk: then it is refused to whoever guessed codes. Never, when not given. */
      readonly raises?: (view: DeskView) => boolean;
      /** Said after the request was taken. */
      readonly note?: Card;
    }
  | { readonly ask: (view: DeskView, who: Asker) => Card }
  /** What no view holds is looked up in the journal, as long as that answers in time. */
  | {
      readonly look: (records: Records, who: Asker) => Promise<Card>;
      /** Said when it takes longer than a chat waits, though the journal may well answer. */
      readonly late?: Card;
    }
  /** The arguments make no sense; one sentence saying how to type it. */
  | { readonly usage: string };

export interface Command {
  /** `pause`, `limits set`. */
  readonly words: string;
  /** `/limits set <key> <value>` */
  readonly usage: string;
  readonly help: string;
  readonly role: Role;
  readonly direction: Direction;
  readonly freshness: Freshness;
  /** Said by buttons, not by people: in no list of what may be said. */
  readonly hidden?: true;
  parse(args: readonly string[]): Parsed;
}

export interface Found {
  readonly command: Command;
  readonly args: readonly string[];
}

/** The command with the most words that fit the line, or null. */
export function lookUp(
  table: readonly Command[],
  line: Extract<Line, { kind: "said" }>,
): Found | null {
  const second = `${line.word} ${line.args[0]?.toLowerCase() ?? ""}`;
  const two = table.find((command) => command.words === second);
  if (two) return { command: two, args: line.args.slice(1) };
  const one = table.find((command) => command.words === line.word);
  return one ? { command: one, args: line.args } : null;
}

/** What a platform's menu shows, in its order: single words only. */
export function menuOf(
  table: readonly Command[],
): readonly { readonly command: string; readonly description: string }[] {
  return table
    .filter((command) => !command.words.includes(" ") && command.hidden !== true)
    .map(({ words, help }) => ({ command: words, description: help }));
}
