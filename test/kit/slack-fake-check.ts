/** Judges what an app sends, against the schemas of Slack's own types and the rules they do not tell. It changes nothing. */

import { validator } from "./schemas.ts";
import { isObject, type Json, list, object, text } from "./slack-fake-json.ts";
import { lengthOf } from "./slack-fake-shown.ts";

export interface Fault {
  /** As Slack names it. */
  readonly error: string;
  readonly messages: readonly string[];
  /** A violation of a schema; the others are documented answers. */
  readonly violation: boolean;
}

/** All blocks of a message together; met in practice, not documented. */
const MOST_BLOCK_TEXT = 13_200;
/** Slack has a limit and does not tell it; this one is a guess. */
const MOST_METADATA = 16_000;

/** @param given the arguments without the token, JSON already read. */
export function check(method: string, given: Json): Fault | null {
  const { blocks, attachments, view, metadata } = given;
  return (
    inArguments(method, given) ??
    (blocks === undefined ? null : inBlocks(blocks)) ??
    (attachments === undefined ? null : inAttachments(attachments)) ??
    (view === undefined ? null : inView(view)) ??
    (metadata === undefined ? null : inMetadata(metadata))
  );
}

/** Methods that no schema tells of are judged by their handler alone. */
function inArguments(method: string, given: Json): Fault | null {
  // Slack's own client names the team in every call.
  const { blocks, attachments, view, metadata, team_id: _, ...others } = given;
  // Each of these has an error of its own; here it matters only that the method takes it.
  const stand = {
    ...(blocks === undefined ? {} : { blocks: [] }),
    ...(attachments === undefined ? {} : { attachments: [] }),
    ...(view === undefined ? {} : { view: {} }),
    ...(metadata === undefined ? {} : { metadata: { event_type: "any", event_payload: {} } }),
  };
  return faulty("invalid_arguments", validator("slack", method)({ ...others, ...stand }));
}

export function inBlocks(blocks: unknown): Fault | null {
  if (!Array.isArray(blocks)) return faulty("invalid_blocks_format", ["blocks is not a list"]);
  const said = validator("slack", "blocks")({ blocks });
  const fault = faulty("invalid_blocks", said.length > 0 ? said : unwritten(blocks));
  if (fault !== null) return fault;
  if (lengthOf(blocks) <= MOST_BLOCK_TEXT) return null;
  return { error: "msg_blocks_too_long", messages: [], violation: false };
}

/** What Slack refuses although its types allow it. */
function unwritten(blocks: readonly unknown[]): readonly string[] {
  const ids = blocks.map((block) => object(block)["block_id"]).filter((id) => id !== undefined);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  return [
    ...twice.map((id) => `block_id ${String(id)} stands twice`),
    ...blocks.filter(isObject).flatMap((block, at) => {
      const where = `/blocks/${at}`;
      const empty = Array.isArray(block["elements"]) && block["elements"].length === 0;
      const fields = list(block["fields"]);
      const bare = block["type"] === "section" && !block["text"] && fields.length === 0;
      const actions = list(block["elements"]).map((each) => text(object(each)["action_id"]));
      const named = actions.filter((id) => id !== "");
      return [
        ...(empty ? [`${where}/elements has no elements`] : []),
        ...(bare ? [`${where} has neither text nor fields`] : []),
        ...(new Set(named).size < named.length ? [`${where} has an action_id twice`] : []),
      ];
    }),
  ];
}

function inAttachments(attachments: unknown): Fault | null {
  const said = validator("slack", "attachments")({ attachments });
  const inner = list(attachments).map((each) => object(each)["blocks"]);
  const blocks = inner.flatMap((each) => (each === undefined ? [] : [inBlocks(each)]));
  return faulty("invalid_attachments", said) ?? blocks.find((each) => each !== null) ?? null;
}

export function inView(view: unknown): Fault | null {
  const said = validator("slack", "view")({ view });
  const blocks = list(object(view)["blocks"]);
  const asks = blocks.some((block) => object(block)["type"] === "input");
  const unsent = asks && object(view)["type"] === "modal" && !object(view)["submit"];
  const more = unsent ? ["a modal with an input needs a submit"] : unwritten(blocks);
  return faulty("invalid_arguments", said.length > 0 ? said : more);
}

function inMetadata(metadata: unknown): Fault | null {
  if (isObject(metadata) && Object.keys(metadata).length === 0) return null;
  const said = validator("slack", "chat.postMessage")({ channel: "C", text: "t", metadata });
  const halves = ["event_type", "event_payload"].filter(
    (key) => object(metadata)[key] === undefined,
  );
  const missing = halves.length === 1 ? [`metadata lacks ${halves[0]}`] : [];
  if (said.length > 0 || missing.length > 0) {
    return faulty("invalid_metadata_format", [...said, ...missing]);
  }
  if (JSON.stringify(metadata).length <= MOST_METADATA) return null;
  return { error: "metadata_too_large", messages: [], violation: false };
}

const faulty = (error: string, messages: readonly string[]): Fault | null =>
  messages.length === 0 ? null : { error, messages, violation: true };
