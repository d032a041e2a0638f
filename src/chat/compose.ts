/** How a card is put together: every line cleaned, never more lines than a phone shows. */
import { type Button, type Card, MAX_LINES } from "./card.ts";
import { clean } from "./clean.ts";

export interface Draft {
  readonly headline: string;
  /** Empty and null lines are left out. */
  readonly lines?: readonly (string | null)[];
  readonly mark?: Card["mark"];
  readonly buttons?: readonly Button[];
  readonly event?: string;
}

const MAX_BUTTONS = 5;

/** Lines beyond the seventh are counted in the last one. */
export function card(draft: Draft): Card {
  const lines = (draft.lines ?? []).map((line) => clean(line ?? "")).filter((line) => line !== "");
  const over = lines.length - MAX_LINES;
  return {
    headline: clean(draft.headline),
    lines: over > 0 ? [...lines.slice(0, MAX_LINES - 1), `… and ${over + 1} more`] : lines,
    mark: draft.mark ?? "",
    buttons: (draft.buttons ?? []).slice(0, MAX_BUTTONS),
    event: draft.event ?? "",
  };
}

export const button = (label: string, line: string, danger = false): Button => ({
  label,
  line,
  danger,
});

/** Says on the first line that something about the message itself is out of the ordinary. */
export const labelled = (of: Card, label: string): Card => ({
  ...of,
  headline: clean(`${of.headline} (${label})`, 220),
});

/** The first few of many, the rest counted: `BTC-USD, ETH-USD and 3 more`. */
export function few(items: readonly string[], count: number): string {
  const shown = items.slice(0, count).join(", ");
  return items.length > count ? `${shown} and ${items.length - count} more` : shown;
}
