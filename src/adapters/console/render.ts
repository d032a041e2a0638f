/** A card as lines of text. Whatever it holds, nothing but printable characters and our own colours reach the terminal. */
import type { Card } from "../../chat/card.ts";
import { clean } from "../../chat/clean.ts";
import { firstLine, withEvent } from "../../chat/heading.ts";

export interface Look {
  /** ANSI colours, on a terminal only. */
  readonly colour: boolean;
  /** One line for each card, for logs. */
  readonly oneLine: boolean;
}

const WIDEST = 400;
const STYLES = { "🔴": "1;31", "⚠️": "1;33", "": "1" } as const;

const painted = (text: string, style: string, look: Look): string =>
  look.colour ? `\u001b[${style}m${text}\u001b[0m` : text;

/** `edited`: this replaces what was printed before, which a terminal cannot. */
export function render(card: Card, heading: string, edited: boolean, look: Look): string {
  const said = clean(firstLine(card, heading), WIDEST) + (edited ? " (edited)" : "");
  const lines = card.lines.map((line) => clean(line, WIDEST));
  const last = lines.pop();
  const first = last === undefined ? withEvent(said, card) : said;
  if (last !== undefined) lines.push(withEvent(last, card));
  if (look.oneLine) return `${[first, ...lines].join(" | ")}\n`;
  const twins = card.buttons.map(({ line }) => `[${clean(line, 60)}]`).join(" ");
  const body = lines.map((line) => `  ${line}`);
  if (twins !== "") {
    const row = painted(twins, "2", look);
    const end = body.pop();
    body.push(end === undefined ? `  ${row}` : `${end}   ${row}`);
  }
  return `${[painted(first, STYLES[card.mark], look), ...body].join("\n")}\n`;
}
