/** A request to the fake Telegram becomes a plain payload, whatever form it came in, and is held against the schema of its method. */
import type { IncomingMessage } from "node:http";
import type { APIMethods } from "@gramio/types";
import { type Schema, schemaOf, validator } from "./schemas.ts";
import type { Json } from "./telegram-fake-chats.ts";

export interface SentFile {
  readonly file: Uint8Array;
  readonly name: string;
}

export interface Call {
  /** As Telegram writes it; as it was asked for when there is no such method. */
  readonly method: string;
  readonly payload: Json;
}

/** Methods with parameters, each with a schema. */
export const METHODS = [
  ...["getUpdates", "setWebhook", "deleteWebhook", "setMyCommands", "getMyCommands"],
  ...["deleteMyCommands", "getChat", "getChatMember", "sendMessage", "sendPhoto", "sendChatAction"],
  ...["editMessageText", "editMessageCaption", "editMessageReplyMarkup", "deleteMessage"],
  "answerCallbackQuery",
] as const satisfies readonly (keyof APIMethods)[];

const CANONICAL = new Map(
  [...METHODS, "getMe", "getWebhookInfo"].map((name) => [name.toLowerCase(), name]),
);
const FOLDER = "telegram";
const hasSchema = (method: string): boolean => METHODS.some((known) => known === method);

export async function readCall(asked: string, request: IncomingMessage): Promise<Call> {
  const method = CANONICAL.get(asked.toLowerCase()) ?? asked;
  const query = new URL(request.url ?? "/", "http://fake").searchParams;
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const type = request.headers["content-type"] ?? "";
  const body = await fieldsOf(type, Buffer.concat(chunks));
  const fields = { ...Object.fromEntries(query), ...body };
  return { method, payload: hasSchema(method) ? typed(fields, schemaOf(FOLDER, method)) : fields };
}

async function fieldsOf(type: string, body: Buffer): Promise<Json> {
  if (body.length === 0) return {};
  if (type.includes("json")) return JSON.parse(body.toString("utf8")) as Json;
  if (type.includes("urlencoded")) {
    return Object.fromEntries(new URLSearchParams(body.toString("utf8")));
  }
  if (!type.includes("multipart/form-data")) return {};
  const form = await new Response(spelledOut(body), {
    headers: { "content-type": type },
  }).formData();
  const parts = new Map<string, unknown>();
  for (const [name, value] of form) {
    if (typeof value === "string") parts.set(name, value);
    else {
      const file: SentFile = { file: new Uint8Array(await value.arrayBuffer()), name: value.name };
      parts.set(name, file);
    }
  }
  return attached(parts);
}

/** grammY writes the headers of parts without blanks and quotes, which Telegram takes and Node's reader does not. */
const spelledOut = (body: Buffer): Buffer =>
  Buffer.from(
    body
      .toString("latin1")
      .replace(
        /(?<=\r\n)content-disposition:form-data;name="([^"\r\n]*)"(?:;filename=([^"\r\n]+))?(?=\r\n)/g,
        (_, name: string, file?: string) =>
          `content-disposition: form-data; name="${name}"${file ? `; filename="${file}"` : ""}`,
      ),
    "latin1",
  );

/** `attach://name` stands for the part of that name. */
function attached(parts: ReadonlyMap<string, unknown>): Json {
  const used = new Set<string>();
  const fields = [...parts].map(([name, value]) => {
    const to = /^attach:\/\/(.+)$/.exec(typeof value === "string" ? value : "")?.[1] ?? "";
    if (!parts.has(to)) return [name, value];
    used.add(to);
    return [name, parts.get(to)];
  });
  return Object.fromEntries(fields.filter(([name]) => !used.has(String(name))));
}

/** Everything may come as a string; what it is meant to be stands in the schema. */
function typed(fields: Json, schema: Schema): Json {
  const root = resolved(schema, schema);
  const properties = (root["properties"] ?? {}) as Readonly<Record<string, Schema>>;
  const entries = Object.entries(fields).map(([name, value]) => {
    const wanted = properties[name] ?? LEGACY_TYPES[name];
    const as = wanted === undefined ? null : resolved(schema, wanted);
    return [name, typeof value === "string" && as !== null ? meant(value, as) : value];
  });
  return Object.fromEntries(entries);
}

function resolved(root: Schema, node: Schema): Schema {
  const name = /^#\/definitions\/(.+)$/.exec(String(node["$ref"] ?? ""))?.[1];
  const all = root["definitions"] as Readonly<Record<string, Schema>> | undefined;
  const next = name === undefined ? undefined : all?.[name];
  return next === undefined ? node : resolved(root, next);
}

function meant(value: string, { type, anyOf }: Schema): unknown {
  const types = [type, ...(Array.isArray(anyOf) ? anyOf.map((each) => each.type) : [])].flat();
  if (types.includes("number") && /^-?\d+$/.test(value)) return Number(value);
  if (types.includes("string")) return value;
  if (types.includes("boolean")) return /^(true|1|yes)$/i.test(value);
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Parameters of older Bot APIs, which Telegram still takes. */
const LEGACY_TYPES: Readonly<Record<string, Schema>> = {
  reply_to_message_id: { type: "number" },
  allow_sending_without_reply: { type: "boolean" },
  disable_web_page_preview: { type: "boolean" },
};

/** The payload in the words of the present Bot API. */
export function modern(payload: Json): Json {
  const {
    reply_to_message_id: reply,
    allow_sending_without_reply: anyway,
    disable_web_page_preview: noPreview,
    ...rest
  } = payload;
  return {
    ...rest,
    ...(reply === undefined
      ? {}
      : {
          reply_parameters: { message_id: reply, allow_sending_without_reply: anyway === true },
        }),
    ...(noPreview === undefined ? {} : { link_preview_options: { is_disabled: noPreview } }),
  };
}

/** What the documentation says is wrong with a payload; empty when nothing is. */
export const faultsOf = (
  method: string,
  payload: Json,
  unknown: "refused" | "ignored",
): readonly string[] => (hasSchema(method) ? validator(FOLDER, method, unknown)(payload) : []);
