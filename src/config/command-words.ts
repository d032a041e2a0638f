/** Splits a command line into its words as a shell would, without any of a shell's powers. */
// Quotes and backslashes mean what they mean in sh; nothing is expanded, piped or redirected.
import { fail, ok, type Result } from "../core/kernel/result.ts";

/** What would do something in a shell and would be a plain letter here. */
const SHELL = /[|&;<>()$`*?[\]{}~#!\n]/;

/** The error tells what is wrong without quoting the line, which may hold a secret. */
export function commandWords(line: string): Result<readonly string[], string> {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line.charAt(at);
    const next = line.charAt(at + 1);
    if (quote === "'") {
      if (letter === "'") quote = null;
      else word += letter;
    } else if (letter === "\\" && (quote === null || /["\\$`]/.test(next))) {
      if (next === "") return fail("ends in a backslash");
      word = `${word ?? ""}${next}`;
      at += 1;
    } else if (letter === quote) {
      quote = null;
    } else if (quote !== null) {
      word += letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= "";
    } else if (letter === " " || letter === "\t") {
      if (word !== null) words.push(word);
      word = null;
    } else if (SHELL.test(letter)) {
      return fail(`has ${letter === "\n" ? "a line break" : `a ${letter}`} outside quotes`);
    } else {
      word = `${word ?? ""}${letter}`;
    }
  }
  if (quote !== null) return fail("opens a quote that never closes");
  if (word !== null) words.push(word);
  return words.length === 0 || words[0] === "" ? fail("names no program") : ok(words);
}
