/** A card as Slack's blocks, and as plain text where blocks are not taken. */
import type { Asked, Button, Card } from "../../chat/card.ts";
import { clean } from "../../chat/clean.ts";
import { firstLine } from "../../chat/heading.ts";
import { pressData } from "../../chat/press.ts";
import type { Seal } from "../../ports/seal.ts";
import { askId, askValue } from "./modals.ts";
import { bold, escaped, isPlain } from "./mrkdwn.ts";
import { pressId } from "./press-id.ts";

interface PlainText {
  readonly type: "plain_text";
  readonly text: string;
  readonly emoji: false;
}
interface Mrkdwn {
  readonly type: "mrkdwn";
  readonly text: string;
  /** Nothing is made a link or a mention that was not written as one. */
  readonly verbatim: true;
}
interface ButtonElement {
  readonly type: "button";
  readonly action_id: string;
  readonly text: PlainText;
  readonly value: string;
  readonly style?: "danger";
  readonly confirm?: Readonly<Record<"title" | "text" | "confirm" | "deny", PlainText>> & {
    readonly style: "danger";
  };
}
export type Block =
  | { readonly type: "section"; readonly text: PlainText | Mrkdwn }
  | { readonly type: "divider" }
  | { readonly type: "context"; readonly elements: readonly PlainText[] }
  | { readonly type: "actions"; readonly elements: readonly ButtonElement[] };

export interface Rendered {
  /** For notifications and screen readers; escaped. */
  readonly text: string;
  /** The whole card without blocks; escaped. */
  readonly whole: string;
  readonly blocks: readonly Block[];
}

const WIDEST = 400;
const SECTION = 3_000;
/** Slack gives up, in another way than it says, at about 13,200 characters in all blocks. */
const ALL_LINES = 8_000;
const LABEL = 75;
const LARGEST_VALUE = 2_000;
const ROW = 5;

/** @param heading null for a card that stands in nobody's name, such as a refusal to one person */
export function render(card: Card, heading: string | null, seal: Seal["of"]): Rendered {
  const named = heading === null ? `${card.mark} ${card.headline}` : firstLine(card, heading);
  const first = clean(named, WIDEST) || "…";
  const lines = fitting(
    first,
    card.lines.map((line) => clean(line, WIDEST)),
  );
  const event = card.event === "" ? "" : `#${clean(card.event, 40)}`;
  const all = card.asks === undefined ? card.buttons : [...card.buttons, answering(card.asks)];
  const buttons = all.flatMap((button, index) => element(button, index, seal) ?? []);
  return {
    text: escaped(first),
    whole: [first, ...lines, event]
      .filter((line) => line !== "")
      .map(escaped)
      .join("\n"),
    blocks: [
      ...sections(first, lines),
      ...(event === "" ? [] : [{ type: "context", elements: [literal(event)] } as const]),
      ...rows(buttons),
    ],
  };
}

/** Slack asks for an answer by a form, which a button has to open. */
const answering = (asks: Asked<"code">): Button => ({
  label: "Enter code…",
  line: "/code",
  danger: false,
  asks,
});

const literal = (text: string): PlainText => ({ type: "plain_text", text, emoji: false });
const section = (text: PlainText | Mrkdwn): Block => ({ type: "section", text });
const markup = (text: string): Mrkdwn => ({ type: "mrkdwn", text, verbatim: true });

/** As many lines as fit, the last one a sign that some did not. */
function fitting(first: string, lines: readonly string[]): readonly string[] {
  let left = ALL_LINES - escaped(first).length;
  for (const [index, line] of lines.entries()) {
    left -= escaped(line).length + 1;
    if (left < 0) return [...lines.slice(0, index), "…"];
  }
  return lines;
}

/** Bold only where no sign of the text could end it; lines that hold such a sign stand where nothing is markup. */
function sections(first: string, lines: readonly string[]): readonly Block[] {
  const head = isPlain(first) ? bold(first) : null;
  if (head !== null && lines.every(isPlain)) {
    return packed([head, ...lines.map(escaped)]).map((text) => section(markup(text)));
  }
  return [
    section(head === null ? literal(first) : markup(head)),
    ...packed(lines).map((text) => section(literal(text))),
  ];
}

/** Lines joined into texts that a section holds. No single line is longer than one. */
function packed(lines: readonly string[]): readonly string[] {
  const out: string[] = [];
  for (const line of lines) {
    const last = out.at(-1);
    const joined = last === undefined ? line : `${last}\n${line}`;
    if (last !== undefined && joined.length <= SECTION) out[out.length - 1] = joined;
    else out.push(line);
  }
  return out.filter((text) => text.trim() !== "");
}

function element(button: Button, index: number, seal: Seal["of"]): ButtonElement | null {
  const { asks } = button;
  const value = asks === undefined ? pressData(button, seal) : askValue(asks);
  const label = clean(button.label, LABEL - 1);
  if (label === "" || value === "" || value.length > LARGEST_VALUE) return null;
  const plain: ButtonElement = {
    type: "button",
    action_id: asks === undefined ? pressId(index) : askId(index),
    text: literal(label),
    value,
  };
  return button.danger ? { ...plain, style: "danger", confirm: misclick(label) } : plain;
}

/** Slack's own question. It guards against a slip of the finger and counts as no step of anything. */
const misclick = (label: string): NonNullable<ButtonElement["confirm"]> => ({
  title: literal("Are you sure?"),
  text: literal(label),
  confirm: literal("Yes"),
  deny: literal("No"),
  style: "danger",
});

function rows(buttons: readonly ButtonElement[]): readonly Block[] {
  const out: Block[] = [];
  for (let at = 0; at < buttons.length; at += ROW) {
    out.push({ type: "actions", elements: buttons.slice(at, at + ROW) });
  }
  return out;
}
