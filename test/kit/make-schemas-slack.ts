/** Schemas of what an app may send to Slack: Block Kit from @slack/types, arguments from @slack/web-api. Both packages are Slack's own. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";
import { limits } from "./make-schemas-slack-limits.ts";
import type { Schema } from "./schemas.ts";

const require = createRequire(import.meta.url);
const BLOCK_KIT = dirname(require.resolve("@slack/types"));
const REQUESTS = join(dirname(require.resolve("@slack/web-api")), "types/request");

/** Method → the type of its arguments. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  "apps.connections.open": "AppsConnectionsOpenArguments",
  "auth.test": "AuthTestArguments",
  "chat.delete": "ChatDeleteArguments",
  "chat.postEphemeral": "ChatPostEphemeralArguments",
  "chat.postMessage": "ChatPostMessageArguments",
  "chat.update": "ChatUpdateArguments",
  "conversations.history": "ConversationsHistoryArguments",
  "conversations.info": "ConversationsInfoArguments",
  "conversations.open": "ConversationsOpenArguments",
  "conversations.replies": "ConversationsRepliesArguments",
  "files.completeUploadExternal": "FilesCompleteUploadExternalArguments",
  "files.getUploadURLExternal": "FilesGetUploadURLExternalArguments",
  "files.info": "FilesInfoArguments",
  "team.info": "TeamInfoArguments",
  "users.info": "UsersInfoArguments",
  "views.open": "ViewsOpenArguments",
  "views.publish": "ViewsPublishArguments",
  "views.update": "ViewsUpdateArguments",
};

type Json = { [key: string]: unknown };
type Definitions = Readonly<Record<string, Json>>;

export async function slackSchemas(): Promise<Map<string, Schema>> {
  const blockKit = generator(join(BLOCK_KIT, "{views,message-attachments,block-kit/blocks}.d.ts"));
  const made = new Map<string, Schema>([
    ["blocks", payload(blockKit("KnownBlock"), "blocks", 50)],
    ["view", payload(blockKit("View"), "view")],
    ["attachments", payload(blockKit("MessageAttachment", OPAQUE), "attachments", 100)],
  ]);
  const requests = generator(join(REQUESTS, "*.d.ts"));
  for (const [method, type] of Object.entries(ARGUMENTS)) {
    made.set(method, pruned(merged(requests(type, OPAQUE))));
  }
  return made;
}

/** Judged by schemas of their own, so that a method's schema stays a page long. */
const OPAQUE: Definitions = {
  blocks: { type: "array" },
  attachments: { type: "array" },
  view: { type: "object" },
};

type TypeOf = (name: string, opaque?: Definitions) => Json;

/** One program for many types: reading the files is what takes the time. */
function generator(path: string): TypeOf {
  const made = createGenerator({ path, skipTypeCheck: true, expose: "export" });
  return (name, opaque = {}) => {
    const schema = made.createSchema(name) as unknown as Json;
    const definitions = (schema["definitions"] ?? {}) as { [name: string]: Json };
    // Anything with a `type` passes for "any block"; Slack takes those it knows.
    if (definitions["AnyBlock"]) definitions["AnyBlock"] = { $ref: "#/definitions/KnownBlock" };
    return shaped(schema, { definitions, opaque }) as Json;
  };
}

/** `{<name>: [of these, at most so many]}`, or `{<name>: one of these}`. */
function payload(schema: Json, name: string, most?: number): Json {
  const { $ref, $schema, ...rest } = schema;
  const items = { $ref };
  const many = { type: "array", items, maxItems: most };
  return pruned({
    $schema,
    ...{ type: "object", required: [name], additionalProperties: false },
    properties: { [name]: most === undefined ? items : many },
    ...rest,
  });
}

/** Limits out of the descriptions, descriptions away, and unions told apart by their `type`. */
function shaped(node: unknown, known: { definitions: Definitions; opaque: Definitions }): unknown {
  if (Array.isArray(node)) return node.map((each) => shaped(each, known));
  if (typeof node !== "object" || node === null) return node;
  const { description, ...rest } = node as Json;
  const told = Object.entries(rest).map(([key, value]): [string, unknown] => {
    if (key !== "properties") return [key, shaped(value, known)];
    const properties = Object.entries(value as Definitions);
    const each = properties.map(([name, inner]) => [
      name,
      known.opaque[name] ?? shaped(inner, known),
    ]);
    return [key, Object.fromEntries(each)];
  });
  const inner = byType(Object.fromEntries(told), known.definitions);
  return typeof description === "string" ? limits(inner, description) : inner;
}

const THEN = "then";

/** `anyOf` becomes one `if … then …` per `type`, so that a fault is told as the fault it is. */
function byType(schema: Json, definitions: Definitions): Json {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const choices = unique(anyOf) as readonly Json[];
  const kinds = choices.map((each) => typesOf(each, definitions));
  const all = [...new Set(kinds.flat())];
  if (kinds.some((each) => each.length === 0) || all.length < 2) return { ...rest, anyOf: choices };
  const of = (type: string): Json => {
    const fitting = choices.filter((_, at) => kinds[at]?.includes(type));
    const [only] = fitting;
    return only !== undefined && fitting.length === 1 ? only : { anyOf: fitting };
  };
  const is = (type: string): Json => ({
    ...{ type: "object", required: ["type"] },
    properties: { type: { const: type } },
  });
  return {
    ...rest,
    ...{ type: "object", required: ["type"], properties: { type: { enum: all } } },
    allOf: all.map((type) => ({ if: is(type), [THEN]: of(type) })),
  };
}

/** The values of `type` by which a shape is known; none: it cannot be told apart so. */
function typesOf(schema: Json, definitions: Definitions): readonly string[] {
  const ref = schema["$ref"];
  if (typeof ref === "string") {
    const there = definitions[decodeURIComponent(ref.replace("#/definitions/", ""))];
    return there === undefined ? [] : typesOf(there, definitions);
  }
  const anyOf = schema["anyOf"];
  if (Array.isArray(anyOf)) {
    const each = anyOf.map((one) => typesOf(one as Json, definitions));
    return each.some((types) => types.length === 0) ? [] : each.flat();
  }
  const type = (schema["properties"] as Definitions | undefined)?.["type"];
  if (type === undefined) return [];
  return typeof type["const"] === "string" ? [type["const"]] : ((type["enum"] ?? []) as string[]);
}

/** The ways to call a method are one table of its arguments, and what each way cannot do without. */
function merged(schema: Json): Json {
  const { $schema, $ref, definitions } = schema as { $ref: string } & Json;
  const root = (definitions as Definitions)[$ref.replace("#/definitions/", "")] ?? {};
  const ways = (root["anyOf"] ?? [root]) as readonly Json[];
  const properties = new Map<string, unknown[]>();
  for (const [name, value] of ways.flatMap((way) => Object.entries(way["properties"] ?? {}))) {
    properties.set(name, [...(properties.get(name) ?? []), value]);
  }
  const each = [...properties].map(([name, values]) => [name, oneOf(values)]);
  const required = unique(ways.map((way) => ({ required: way["required"] ?? [] })));
  return {
    ...{ $schema, type: "object", additionalProperties: false },
    ...{ properties: Object.fromEntries(each), anyOf: required, definitions },
  };
}

const unique = (all: readonly unknown[]): readonly unknown[] => [
  ...new Map(all.map((each) => [JSON.stringify(each), each])).values(),
];

function oneOf(schemas: readonly unknown[]): unknown {
  const [only, ...others] = unique(schemas);
  return others.length === 0 ? only : { anyOf: [only, ...others] };
}

/** Without the definitions that nothing refers to. */
function pruned(schema: Json): Json {
  const { definitions, ...root } = schema;
  const all = (definitions ?? {}) as Definitions;
  const kept = new Set<string>();
  const follow = (node: unknown): void => {
    for (const [, name] of JSON.stringify(node).matchAll(/"#\/definitions\/([^"]+)"/g)) {
      const plain = decodeURIComponent(name ?? "");
      if (kept.has(plain) || all[plain] === undefined) continue;
      kept.add(plain);
      follow(all[plain]);
    }
  };
  follow(root);
  const needed = Object.entries(all).filter(([name]) => kept.has(name));
  return { ...root, definitions: Object.fromEntries(needed) };
}
