/** A message without a platform. Adapters turn it into text, markup or blocks; nothing here knows which. */
import type { Answer } from "../core/control/request.ts";
import type { ConfirmationId } from "../core/kernel/ids.ts";

/** P0 wakes somebody · P1 act soon · P2 inform · P3 digest only. */
export type Priority = "P0" | "P1" | "P2" | "P3";

export interface Button {
  readonly label: string;
  /** The typed twin, e.g. `/confirm K7QF`: pressing and typing are one thing. */
  readonly line: string;
  readonly danger: boolean;
  /** Set on the buttons of a confirmation: pressing answers this one and no other, however its code is used again. */
  readonly answers?: { readonly confirmation: ConfirmationId; readonly verb: Answer["verb"] };
  /** Where the platform can, pressing asks for what has to be typed; elsewhere it is no more than its line. */
  readonly asks?: Asked;
}

/** What somebody has to type: a code of their authenticator for a request of theirs, or what its approval takes. */
export interface Asked<What extends "code" | "value" = "code" | "value"> {
  readonly what: What;
  readonly confirmation: ConfirmationId;
  /** Of the request, e.g. `K7QF`. */
  readonly code: string;
}

/** A PNG that goes with the card; the lines are its caption. Where it cannot be shown the lines stand alone. */
export interface Picture {
  /** Base64. */
  readonly png: string;
  readonly alt: string;
}

export interface Card {
  /** The result in one line, enough on a lock screen. Mode and desk name are put before it when it is sent. */
  readonly headline: string;
  /** At most seven more lines. */
  readonly lines: readonly string[];
  readonly mark: "" | "🔴" | "⚠️";
  readonly buttons: readonly Button[];
  readonly picture?: Picture;
  /** An edit whose news a new message tells as well: where nothing can be edited it is not shown. */
  readonly echo?: boolean;
  /** Where the platform can, the message itself asks for an answer: whoever replies to it has answered this. */
  readonly asks?: Asked<"code">;
  /** Short event id, e.g. `F7A3`, ending the message; empty for an answer to a question. */
  readonly event: string;
}

export const MAX_LINES = 7;
