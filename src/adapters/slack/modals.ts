/** Forms that Slack opens over everything: for a code, for what an approval takes, for a change of a cap. */
// What is sent in becomes the line that could have been typed; nothing here knows whether it is right.
import type { Asked } from "../../chat/card.ts";
import { clean } from "../../chat/clean.ts";
import { confirmationId } from "../../core/kernel/ids.ts";
import { type Fields, fieldsOf, listOf, parsed, textOf } from "./fields.ts";

export const MODALS = /^cb_(code|value|limits)$/;
/** The names of buttons that open one. */
export const ASKS = /^ask:\d{1,2}$/;
export const askId = (index: number): string => `ask:${index}`;

/** What a button that opens a form carries: no right, and no secret. */
export const askValue = ({ what, confirmation, code }: Asked): string =>
  `${what} ${confirmation} ${code}`;

const ASKED = /^(code|value) ([A-Za-z0-9_-]{4,64}) ([A-Z0-9]{4,8})$/;

export function askedOf(value: string): Asked | null {
  const [, what, id, code] = ASKED.exec(value) ?? [];
  if (id === undefined || code === undefined) return null;
  return { what: what === "code" ? "code" : "value", confirmation: confirmationId(id), code };
}

const LONGEST = 200;
const plain = (text: string) => ({ type: "plain_text", text, emoji: false }) as const;

interface Field {
  readonly name: string;
  readonly label: string;
  readonly example: string;
  readonly optional?: true;
}

const input = ({ name, label, example, optional }: Field) => ({
  type: "input",
  block_id: name,
  label: plain(label),
  ...(optional ? { optional } : {}),
  element: {
    type: "plain_text_input",
    action_id: name,
    max_length: LONGEST,
    placeholder: plain(example),
  },
});

const modal = (callback: string, title: string, carried: object, fields: readonly Field[]) => ({
  type: "modal",
  callback_id: callback,
  private_metadata: JSON.stringify(carried),
  title: plain(title),
  submit: plain("Send"),
  close: plain("Cancel"),
  blocks: fields.map(input),
});

/** @param channel where its button was pressed: an approval is given there, and a code never */
export function askModal(asked: Asked, channel: string) {
  const { what, confirmation, code } = asked;
  return what === "code"
    ? modal("cb_code", `Code for ${code}`, { confirmation }, [
        { name: "code", label: "Six digits of your authenticator", example: "123456" },
      ])
    : modal("cb_value", `Approve ${code}`, { code, channel }, [
        { name: "value", label: "Type the new value as it is asked for", example: "2500" },
      ]);
}

/** @param channel where it was asked for: it is answered there */
export const limitsModal = (channel: string) =>
  modal("cb_limits", "Change a limit", { channel }, [
    { name: "key", label: "Limit", example: "daily-loss" },
    { name: "value", label: "New value", example: "120, -10%, +10%, none or file" },
    { name: "for", label: "For how long", example: "4h; empty for good", optional: true },
    { name: "because", label: "Reason", example: "spread is back", optional: true },
  ]);

export interface Submitted {
  readonly line: string;
  /** Null: the private chat of whoever sent it in. */
  readonly channel: string | null;
}

/** The line that a form stands for; null for one that is not ours. */
export function submitted(view: Fields): Submitted | null {
  const [, kind] = MODALS.exec(textOf(view["callback_id"]) ?? "") ?? [];
  const carried = fieldsOf(parsed(textOf(view["private_metadata"]) ?? ""));
  const typed = (name: string): string => typedIn(view, name);
  switch (kind) {
    case "code":
      return {
        line: `/code ${typed("code")} ${textOf(carried["confirmation"]) ?? ""}`,
        channel: null,
      };
    case "value":
      return {
        line: `/approve ${textOf(carried["code"]) ?? ""} ${typed("value")}`,
        channel: textOf(carried["channel"]),
      };
    case "limits": {
      const [lasting, because] = [typed("for"), typed("because")];
      const terms = `${lasting === "" ? "" : ` for ${lasting}`}${because === "" ? "" : ` because ${because}`}`;
      return {
        line: `/limits set ${typed("key")} ${typed("value")}${terms}`,
        channel: textOf(carried["channel"]),
      };
    }
    default:
      return null;
  }
}

function typedIn(view: Fields, name: string): string {
  const values = fieldsOf(fieldsOf(view["state"])["values"]);
  return clean(textOf(fieldsOf(fieldsOf(values[name])[name])["value"]) ?? "", LONGEST);
}

/** The button to deny among those of a message of ours; null where none is, or several are and nobody said which. */
export function denialIn(message: Fields): string | null {
  const found = listOf(message["blocks"])
    .flatMap((block) => listOf(fieldsOf(block)["elements"]))
    .map((element) => textOf(fieldsOf(element)["value"]) ?? "")
    .filter((value) => /^c1\.[\w-]{16}\.d$/.test(value));
  return found.length === 1 ? (found[0] ?? null) : null;
}
