/** Reads a request to the fake of Slack, in each of the three forms Slack takes. */
import type { IncomingMessage } from "node:http";
import type { Json } from "./slack-fake-json.ts";

export interface Asked {
  readonly token: string;
  /** Without the token; JSON strings read, `true` and numbers as such. */
  readonly payload: Json;
}

const AS_JSON = ["blocks", "attachments", "metadata", "view", "files", "unfurls"];
const AS_FLAG = [
  ...["as_user", "include_all_metadata", "include_locale", "include_num_members", "inclusive"],
  ...["link_names", "mrkdwn", "prevent_creation", "reply_broadcast", "return_im"],
  ...["unfurl_links", "unfurl_media"],
];
const AS_NUMBER = ["limit", "length"];

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

export async function askedOf(request: IncomingMessage, body: Buffer): Promise<Asked> {
  const type = request.headers["content-type"] ?? "";
  const query = new URL(request.url ?? "/", "http://localhost").searchParams;
  const fields: Record<string, unknown> = Object.fromEntries(query);
  if (type.includes("json")) Object.assign(fields, parsed(body.toString("utf8")));
  else if (type.includes("multipart")) {
    for (const [key, value] of await formOf(type, body)) fields[key] = value;
  } else Object.assign(fields, Object.fromEntries(new URLSearchParams(body.toString("utf8"))));
  const { token, ...rest } = fields;
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const payload = Object.entries(rest).map(([key, value]) => [key, plain(key, value)]);
  return { token: bearer ?? String(token ?? ""), payload: Object.fromEntries(payload) };
}

/** The bytes of an upload: as they are, or the first part of a form. */
export async function uploadOf(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = request.headers["content-type"] ?? "";
  if (!type.includes("multipart")) return body;
  const files = [...(await formOf(type, body))].filter(([, value]) => typeof value !== "string");
  const [, file] = files[0] ?? [];
  return file instanceof Blob ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0);
}

const formOf = (type: string, body: Buffer): Promise<FormData> =>
  new Response(body, { headers: { "content-type": type } }).formData();

function plain(key: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (AS_JSON.includes(key)) return parsed(value) ?? value;
  if (AS_FLAG.includes(key) && /^(true|false|1|0)$/.test(value)) return /^(true|1)$/.test(value);
  return AS_NUMBER.includes(key) && /^\d+$/.test(value) ? Number(value) : value;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
