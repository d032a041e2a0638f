/** What is said to whoever wants money moved: nothing here can. There is no code for it, on any network. */

const WORDS: ReadonlySet<string> = new Set([
  "transfer",
  "withdraw",
  "withdrawal",
  "deposit",
  "send",
  "receive",
  "bridge",
  "network",
]);

/** A word that people use for moving money, or for the network that it would go over. */
export const isTransfer = (word: string): boolean => WORDS.has(word.toLowerCase());

export const NO_TRANSFER =
  "This program moves no money and chooses no network: it trades on one venue, in one portfolio. Move money at Coinbase, by hand.";
