/** What a word of the venue means for a person, and what to do about it. */
// It explains and decides nothing: whether an order exists is read from the reply's status and shape, never from here.
import { type Explained, WORDS } from "./error-table.ts";

const UNKNOWN: Explained = {
  class: "unknown",
  final: true,
  means: "a refusal that claudbot has no words for",
  todo: "look the word up in Coinbase's documentation",
};

/**
 * A word of NewOrderFailureReason, PreviewFailureReason, RejectReason or an error body. A preview's word without an entry
 * of its own means what its twin means.
 */
export function explainWord(word: string): Explained {
  const upper = word.toUpperCase().replace(/[\s-]+/g, "_");
  return WORDS.get(upper) ?? WORDS.get(upper.replace(/^PREVIEW_/, "")) ?? UNKNOWN;
}

/** A status that came without a word that is known. */
export function explainStatus(status: number): Explained {
  return WORDS.get(`HTTP_${status}`) ?? (status >= 500 ? explainWord("HTTP_500") : UNKNOWN);
}

/** `said: means; todo`. The venue's own words come first, and stand alone when nothing is known of them. */
export function explained(said: string, { class: kind, means, todo }: Explained): string {
  const ours = kind === "unknown" ? "" : `${means}; ${todo}`;
  return [said.replace(/[.:\s]+$/, ""), ours].filter((part) => part !== "").join(": ");
}
