/** Recovery codes: what is typed when the authenticator is lost. Made and shown once, kept as hashes only. */
import { createHash, randomInt } from "node:crypto";

/** Crockford's base 32: nothing in it is mistaken for something else on paper. */
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
/** 100 bits: nobody guesses one, so a plain salted hash is enough. */
const LENGTH = 20;
const GROUP = 5;
export const RECOVERY_CODES = 10;

/** Ten, each `xxxxx-xxxxx-xxxxx-xxxxx` with a digit in it. */
export const newRecoveryCodes = (): readonly string[] =>
  Array.from({ length: RECOVERY_CODES }, newCode);

function newCode(): string {
  const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  if (!/\d/.test(letters)) return newCode();
  return (letters.match(new RegExp(`.{${GROUP}}`, "g")) ?? []).join("-");
}

/** @param code with or without its dashes */
export const hashed = (salt: string, code: string): string =>
  createHash("sha256")
    .update(`${salt}:${code.replaceAll("-", "")}`)
    .digest("base64");
