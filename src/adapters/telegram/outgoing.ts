/** What a delivery looks like on Telegram, and how its looks give way where Telegram does not take them. */
import type { ForceReply, InlineKeyboardMarkup } from "grammy/types";
import type { Card } from "../../chat/card.ts";
import type { Seal } from "../../ports/seal.ts";
import type { Failure } from "./api.ts";
import {
  CAPTION_LIMIT,
  forceReply,
  keyboard,
  type Rendered,
  render,
  TEXT_LIMIT,
} from "./render.ts";

export interface Outgoing {
  readonly text: Rendered;
  readonly caption: Rendered;
  readonly keyboard: InlineKeyboardMarkup | null;
  /** In the place of the keyboard of a new message: it asks for a reply. An edit cannot. */
  readonly prompt: ForceReply | null;
  readonly picture: Uint8Array | null;
}

export function outgoing(card: Card, heading: string, seal: Seal): Outgoing {
  const picture = Buffer.from(card.picture?.png ?? "", "base64");
  return {
    text: render(card, heading, TEXT_LIMIT),
    caption: render(card, heading, CAPTION_LIMIT),
    keyboard: keyboard(card, seal),
    prompt: card.asks === undefined ? null : forceReply(),
    picture: picture.length === 0 ? null : picture,
  };
}

/** Which of its looks a message still has. Each is given up at most once, so that trying ends. */
export interface Look {
  readonly shape: "picture" | "text";
  readonly markup: boolean;
  readonly keyboard: boolean;
}

export const fullLook = ({ picture }: Outgoing): Look => ({
  shape: picture === null ? "text" : "picture",
  markup: true,
  keyboard: true,
});

/** The words for a message of this look. */
export function words(out: Outgoing, { shape, markup }: Look) {
  const { html, plain } = shape === "picture" ? out.caption : out.text;
  return markup
    ? ({ said: html, mode: { parse_mode: "HTML" } } as const)
    : ({ said: plain, mode: {} } as const);
}

const UNREADABLE = /can't parse|unsupported start tag|entities/i;
const BAD_KEYBOARD = /BUTTON_|reply[ _]markup|inline keyboard/i;

/** The look without what Telegram refused; null when the refusal is about something else. */
export function plainer(look: Look, failure: Failure): Look | null {
  if (failure.kind !== "error" || failure.code !== 400) return null;
  if (look.markup && UNREADABLE.test(failure.description)) return { ...look, markup: false };
  if (look.keyboard && BAD_KEYBOARD.test(failure.description)) return { ...look, keyboard: false };
  return null;
}
