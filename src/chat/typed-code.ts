/** How codes of an authenticator look when people type them, and how a text is kept without them. It knows no code. */
import { clean } from "./clean.ts";

/** What stands in place of a code wherever a text is kept. */
export const MASK = "[code]";

export type TypedCode =
  /** Six digits. */
  | { readonly kind: "digits"; readonly text: string }
  /** Twenty lower-case characters, without the dashes. */
  | { readonly kind: "recovery"; readonly text: string };

/** Longer than any message of a platform. */
const LONGEST = 5_000;
/** Nobody shows more in one message. */
const MOST = 32;
const OTHER_DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;
/** However they are grouped. */
const DIGITS = /^\d(?:[ -]?\d){5}$/;
/** A digit is among them always: no word of twenty letters is one. */
const RECOVERY = /^(?=.*\d)[0-9a-tv-z]{5}(?:[ -]{0,3}[0-9a-tv-z]{5}){3}$/i;
const EACH_DIGITS = /(?<!\d)(?=(\d(?:[ -]?\d){5}(?!\d)))/g;
const EACH_RECOVERY = /(?=([0-9a-tv-z]{5}(?:[ -]{0,3}[0-9a-tv-z]{5}){3}(?![0-9a-z])))/gi;

const BETWEEN = /[ -]/g;

/** The text as it is read: full-width digits are digits, nothing invisible stands between them. */
export const plainText = (text: string): string =>
  clean(text.normalize("NFKC"), LONGEST).replace(OTHER_DASHES, "-");

/** `123456`, `123 456`, `12 34 56`, or a recovery code with dashes, blanks or neither between its groups, with O for 0 and I or L for 1; else null. */
export function readCode(typed: string): TypedCode | null {
  const text = plainText(typed);
  if (DIGITS.test(text)) return { kind: "digits", text: text.replace(BETWEEN, "") };
  if (!RECOVERY.test(text)) return null;
  const bare = text.toLowerCase().replace(BETWEEN, "");
  return { kind: "recovery", text: bare.replaceAll("o", "0").replace(/[il]/g, "1") };
}

/** The text with every code masked that `isOne` knows, or null when it knows none of what looks like one. */
export function withoutCodes(
  text: string,
  isOne: (candidate: string) => boolean,
): { readonly text: string; readonly codes: readonly string[] } | null {
  if (!/\p{N}/u.test(text)) return null;
  const plain = plainText(text);
  const codes: string[] = [];
  let kept = "";
  let from = 0;
  let looked = 0;
  for (const { index, candidate } of candidates(plain)) {
    looked += 1;
    if (looked > MOST) break;
    if (index < from || !isOne(candidate)) continue;
    codes.push(candidate);
    kept += plain.slice(from, index) + MASK;
    from = index + candidate.length;
  }
  return codes.length === 0 ? null : { text: kept + plain.slice(from), codes };
}

/** What looks like a code, in the order of the text: six digits may be the beginning of a longer one. */
function candidates(plain: string) {
  return [...plain.matchAll(EACH_RECOVERY), ...plain.matchAll(EACH_DIGITS)]
    .map(({ index, 1: candidate = "" }) => ({ index, candidate }))
    .filter(({ candidate }) => readCode(candidate) !== null)
    .sort((one, other) => one.index - other.index);
}
