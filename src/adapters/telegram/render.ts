/** A card as Telegram shows it: text with a bold first line, and buttons. Cut while it is plain, escaped after. */
import type { ForceReply, InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import type { Button, Card } from "../../chat/card.ts";
import { clean } from "../../chat/clean.ts";
import { firstLine, withEvent } from "../../chat/heading.ts";
import { pressData } from "../../chat/press.ts";
import type { Seal } from "../../ports/seal.ts";
import { bold, escapeHtml } from "./html.ts";

/** UTF-16 units once the markup is read; Telegram takes 4096. */
export const TEXT_LIMIT = 3500;
/** What a picture may carry. */
export const CAPTION_LIMIT = 1024;
const BUTTONS_IN_A_ROW = 3;
const LONGEST_LABEL = 40;
const DATA_BYTES = 64;
const CUT = "…";

export interface Rendered {
  readonly html: string;
  /** The same words without markup, for when Telegram does not take it. */
  readonly plain: string;
}

export function render(card: Card, heading: string, limit: number): Rendered {
  const lines = [firstLine(card, heading), ...card.lines].map((line) => clean(line, TEXT_LIMIT));
  const [first = "", ...rest] = fitted(lines, card, limit);
  return {
    html: [bold(first), ...rest.map(escapeHtml)].join("\n"),
    plain: [first, ...rest].join("\n"),
  };
}

/** As many whole lines as there is room for; the event's id ends the last one, whatever was left out. */
function fitted(lines: readonly string[], card: Card, limit: number): readonly string[] {
  const whole = [...lines.slice(0, -1), withEvent(lines.at(-1) ?? "", card)];
  if (whole.join("\n").length <= limit) return whole;
  const end = withEvent(CUT, card);
  let left = limit - end.length - 1;
  const kept: string[] = [];
  for (const [index, line] of lines.entries()) {
    const shown = index === 0 ? cut(line, left) : line;
    if (shown.length > left) break;
    kept.push(shown);
    left -= shown.length + 1;
  }
  return [...kept, end];
}

function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  // Half of a pair is no letter.
  return `${text.slice(0, units - CUT.length).replace(/[\ud800-\udbff]$/, "")}${CUT}`;
}

/**
 * Null when there is none. A dangerous button is red where the client knows how, and has no sign of its own in its label:
 * the mark of the card already says how grave it is, and labels are short.
 */
export function keyboard(card: Card, seal: Seal): InlineKeyboardMarkup | null {
  const buttons = card.buttons.flatMap((button) => keyOf(button, seal) ?? []);
  const rows: InlineKeyboardButton[][] = [];
  for (let at = 0; at < buttons.length; at += BUTTONS_IN_A_ROW) {
    rows.push(buttons.slice(at, at + BUTTONS_IN_A_ROW));
  }
  return rows.length === 0 ? null : { inline_keyboard: rows };
}

/** Opens the reply on the phone of whoever is asked, in a group on nobody else's. */
export const forceReply = (): ForceReply => ({
  force_reply: true,
  selective: true,
  input_field_placeholder: "123456",
});

/** A button that cannot carry its line is left out: what it stands for can be typed. */
function keyOf(button: Button, seal: Seal): InlineKeyboardButton | null {
  const text = clean(button.label, LONGEST_LABEL);
  const data = pressData(button, (confirmation, verb) => seal.of(confirmation, verb));
  const bytes = Buffer.byteLength(data);
  if (text === "" || bytes === 0 || bytes > DATA_BYTES) return null;
  return { text, callback_data: data, ...(button.danger ? { style: "danger" as const } : {}) };
}
