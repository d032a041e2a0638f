/** A typed line, read the same way on every platform: which word was said, with which arguments. */
// It must not know which words exist; whoever holds the table looks them up.
import { clean } from "./clean.ts";

/** Longer lines are refused, not cut: half a command is another command. */
export const MAX_TYPED = 1000;

export type Line =
  | { readonly kind: "said"; readonly word: string; readonly args: readonly string[] }
  /** Talk between people, an empty line, or a command for another bot: nothing to answer. */
  | { readonly kind: "not-for-us" }
  | { readonly kind: "too-long" };

export interface Manner {
  /** On the console every line is for us; in a chat only what begins with a slash. */
  readonly bareWords: boolean;
  /** Our own name where commands may be addressed (`/status@name`), or null when any name is taken. */
  readonly ownName: string | null;
}

const URGENT = /^\s*\/?(kill|pause)\b/i;
const SPOKEN = /^(\/?)([a-z][a-z0-9_-]*)(?:@([a-z0-9_]+))?(?: (.*))?$/i;
/** In a hurry signs are typed behind what stops the desk: they end the word, and what follows is the reason. */
const STOP = /^(\/?)(kill|pause)(?:@([a-z0-9_]+))?(?![\p{L}\p{M}\p{N}_])[!.,:;-]* *(.*)$/iu;
const OTHER_DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;

/** Full-width letters become plain ones (NFKC), every dash a minus, every break a space. */
export function parseLine(text: string, manner: Manner): Line {
  // A long reason must not stop what stops the desk.
  const cut = URGENT.test(text) ? text.slice(0, MAX_TYPED) : text;
  if (cut.length > MAX_TYPED) return { kind: "too-long" };
  const typed = clean(cut.normalize("NFKC"), 2 * MAX_TYPED).replace(OTHER_DASHES, "-");
  const match = STOP.exec(typed) ?? SPOKEN.exec(typed);
  if (!match) {
    return typed !== "" && (manner.bareWords || typed.startsWith("/"))
      ? { kind: "said", word: typed.replace(/^\//, "").split(" ")[0] ?? "", args: [] }
      : { kind: "not-for-us" };
  }
  const [, slash, word = "", name, rest = ""] = match;
  if (slash === "" && !manner.bareWords) return { kind: "not-for-us" };
  if (name !== undefined && manner.ownName !== null) {
    if (name.toLowerCase() !== manner.ownName.toLowerCase()) return { kind: "not-for-us" };
  }
  const args = rest.split(" ").filter((part) => part !== "");
  return { kind: "said", word: word.toLowerCase(), args };
}
