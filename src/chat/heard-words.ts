/** What somebody said, as the record keeps it: one line, bounded, every code left out. It judges nothing. */
import { MASK, plainText } from "./typed-code.ts";

const LONGEST = 200;
const PRESSES: Readonly<Record<string, string>> = { a: "approve", c: "confirm", d: "deny" };
const PRESS = /^c1\.[\w-]{16}\.([acd])$/;
/** Six digits, whoever's code they might be: an amount of six digits stands in what was changed. */
const DIGITS = /(?<!\d)(?:\d{3}[ -]?\d{3}|\d{2}[ -]\d{2}[ -]\d{2}|\d(?:[ -]\d){5})(?!\d)/g;
/** A code in its groups, and all groups of its kind beside it; but for the word that is said first. */
const RECOVERY =
  /((?<=^\/?)[a-z]{5} )?(?<![0-9a-z])[0-9a-z]{5}(?:[ -]{0,3}[0-9a-z]{5}){3,}(?![0-9a-z])/gi;
/** What is typed to answer a request; an approval is followed by what it approves. */
const ANSWER = /^(\/?(?:confirm|deny|code)(?:@\w+)?) .*|^(\/?approve(?:@\w+)?) \S+/i;

/** `/limits set daily-loss 200`, `/confirm [code]`, `pressed confirm`. */
export function heardWords(text: string): string {
  const press = PRESS.exec(text);
  if (press) return `pressed ${PRESSES[press[1] ?? ""]}`;
  const masked = plainText(text)
    .replace(RECOVERY, (found, word = "") => (/\d/.test(found) ? `${word}${MASK}` : found))
    .replace(DIGITS, MASK)
    .replace(ANSWER, `$1$2 ${MASK}`);
  const letters = Array.from(masked);
  return letters.length <= LONGEST ? masked : `${letters.slice(0, LONGEST - 1).join("")}…`;
}
