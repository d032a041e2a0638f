/** Strings that others wrote, made safe to show: one line, bounded, nothing invisible, nothing that turns text around. */
// It must not judge what a text means; it only takes away what could lie about how it looks.

/** Longest line of a card. */
export const MAX_LINE = 200;

/** Whole terminal sequences, such as a colour or a key with an arrow on it: no letter of them is text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
const SEQUENCES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/g;
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;
/** Format characters (bidi, zero width, tags), lone surrogates, private use, and blanks that pass for letters. */
const INVISIBLE =
  /[\p{Cf}\p{Cs}\p{Co}\u115f\u1160\u3164\uffa0\u2800]|\u034f|\u180b|\u180c|\u180d|\u180f/gu;
const PILED = /(\p{M}{2})\p{M}+/gu;

/** Terminal and bidi control characters, zero-width characters and newlines never survive this. */
export function clean(text: string, max: number = MAX_LINE): string {
  const flat = text
    .slice(0, 8 * max)
    .normalize("NFC")
    .replace(SEQUENCES, "")
    .replace(INVISIBLE, "")
    .replace(BREAKS, " ")
    .replace(PILED, "$1")
    .replace(/ {2,}/g, " ")
    .trim();
  const letters = Array.from(flat);
  return letters.length <= max ? flat : `${letters.slice(0, max - 1).join("")}…`;
}
