/** Messages as a person sees them, for tests to look at. */
import { isObject, type Json, list, object, text } from "./slack-fake-json.ts";
import type { Message } from "./slack-fake-world.ts";

export interface ShownButton {
  readonly label: string;
  readonly value: string;
  readonly actionId: string;
  /** Slack asks "are you sure?" first. */
  readonly confirm: boolean;
}

export interface Shown {
  readonly ts: string;
  readonly channel: string;
  readonly threadTs: string | null;
  readonly broadcast: boolean;
  /** A person's id, or the bot's `B…`. */
  readonly from: string;
  readonly text: string;
  readonly blocks: readonly Json[];
  /** What there is to read: all text of the blocks but the buttons', or the text; `&lt;` and its like undone. */
  readonly plain: string;
  readonly buttons: readonly ShownButton[];
  readonly metadata: Json | null;
  readonly edits: number;
  readonly files: readonly string[];
  readonly ephemeral: boolean;
}

export function shown(message: Message, ephemeral = false): Shown {
  const { ts, channel, threadTs, broadcast, text: fallback, blocks, metadata, edits } = message;
  const words = blocks.flatMap(read).concat(message.attachments.flatMap(readAttachment));
  return {
    ...{ ts, channel, threadTs, broadcast, from: message.botId ?? message.user, text: fallback },
    ...{ blocks: structuredClone(blocks), metadata, edits, files: message.files, ephemeral },
    plain: unescaped(words.length === 0 ? fallback : words.join("\n")),
    buttons: blocks.flatMap(buttonsOf),
  };
}

const unescaped = (markup: string): string =>
  markup.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Everything under a block that is text to read, in order; buttons are told apart. */
function read(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(read);
  if (!isObject(node) || node["type"] === "button") return [];
  if (typeof node["text"] === "string") return [node["text"]];
  if (node["type"] === "image")
    return [text(object(node["title"])["text"]), text(node["alt_text"])].filter(
      (each) => each !== "",
    );
  return Object.values(node).flatMap(read);
}

function readAttachment(attachment: Json): readonly string[] {
  const written = ["pretext", "title", "text", "footer"].map((key) => text(attachment[key]));
  return written.filter((each) => each !== "").concat(read(attachment["blocks"]));
}

function buttonsOf(block: Json): readonly ShownButton[] {
  const elements = block["type"] === "section" ? [block["accessory"]] : list(block["elements"]);
  return elements.filter(isObject).flatMap((element) => {
    if (element["type"] !== "button") return [];
    const label = unescaped(text(object(element["text"])["text"]));
    const value = text(element["value"]);
    const actionId = text(element["action_id"]);
    return [{ label, value, actionId, confirm: isObject(element["confirm"]) }];
  });
}

/** The total length of what the blocks say, as Slack counts it against a message. */
export function lengthOf(blocks: readonly unknown[]): number {
  const count = (node: unknown): number => {
    if (Array.isArray(node)) return node.reduce((sum: number, each) => sum + count(each), 0);
    if (!isObject(node)) return 0;
    const own = typeof node["text"] === "string" ? node["text"].length : 0;
    return Object.values(node).reduce((sum: number, each) => sum + count(each), own);
  };
  return count(blocks);
}
