/** The short code a person types to answer a confirmation: four letters and digits that are not mistaken for each other. */

const LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789";

/** @param nonce at least 16 hex digits of randomness, drawn outside core */
export function codeFrom(nonce: string): string {
  let value = BigInt(`0x${nonce.slice(0, 16)}`);
  let code = "";
  for (let i = 0; i < 4; i += 1) {
    code += LETTERS[Number(value % BigInt(LETTERS.length))] ?? "A";
    value /= BigInt(LETTERS.length);
  }
  return code;
}

/** What people type: any case, with or without spaces. */
export const normalCode = (typed: string): string => typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
