/** How a person is named in a sentence that others read: by the configured name, or by where they sit if nobody gave one. */

/** The name of whoever sits at the console and gave none. */
export const NAMELESS = "you";

/** `Ana`, `whoever sits at the console`; fits before any verb of one person. */
export const called = (name: string): string =>
  name === NAMELESS ? "whoever sits at the console" : name;

/** The same where a sentence begins. */
export const calledFirst = (name: string): string =>
  name === NAMELESS ? "Whoever sits at the console" : name;
