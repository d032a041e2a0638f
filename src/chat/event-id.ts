/** The short id that ends a message: the event's number in letters that cannot be mistaken for one another. */

/** Crockford's alphabet: no I, L, O, U. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** At least four characters; the same number always gives the same id and no other does. */
export function eventId(seq: number): string {
  let rest = seq;
  let id = "";
  while (rest > 0 || id.length < 4) {
    id = (LETTERS[rest % 32] ?? "") + id;
    rest = Math.floor(rest / 32);
  }
  return id;
}

/** The number behind an id, typed with or without `#`, in any case; null when it is none. */
export function eventSeq(id: string): number | null {
  const letters = id.replace(/^#/, "").toUpperCase();
  if (!/^[0-9A-HJKMNP-TV-Z]{4,10}$/.test(letters)) return null;
  return Array.from(letters).reduce((seq, letter) => seq * 32 + LETTERS.indexOf(letter), 0);
}
