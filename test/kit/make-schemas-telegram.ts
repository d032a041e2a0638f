/** Schemas of what bots may send to Telegram, from @gramio/types: generated from Telegram's own documentation, not from our client. */
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";
import type { Schemas } from "./schemas.ts";
import { METHODS } from "./telegram-fake-payload.ts";

const TYPES = join(import.meta.dirname, "../../node_modules/@gramio/types/out");

type Json = { [key: string]: unknown };

let made: ReturnType<typeof createGenerator> | null = null;

/** The schema of a type of the package, such as `TelegramUpdate`. Reading all the types takes a second, once. */
function schemaOfType(type: string): Json {
  const path = join(TYPES, "{params,objects}.d.ts");
  made ??= createGenerator({ path, skipTypeCheck: true, expose: "export" });
  const schema = shaped(made.createSchema(type)) as Json;
  const definitions = schema["definitions"] as Json;
  if ("TelegramInputFile" in definitions) definitions["TelegramInputFile"] = FILE;
  return schema;
}

export function telegramSchemas(): Schemas {
  const typeOf = (method: string): string => `${method[0]?.toUpperCase()}${method.slice(1)}Params`;
  return new Map(METHODS.map((method) => [method, schemaOfType(typeOf(method))]));
}

/** What Telegram says; the types they are made of, such as a message, are among the definitions of the first. */
const ANSWERS = ["TelegramUpdate", "TelegramChatFullInfo", "TelegramWebhookInfo"] as const;

export const answerSchemas = (): Schemas =>
  new Map(ANSWERS.map((type) => [type, schemaOfType(type)]));

/** A file as the fake holds it; the types say Blob. */
const FILE = {
  type: "object",
  properties: { file: {}, name: { type: "string" } },
  required: ["file", "name"],
  additionalProperties: false,
};

/** Limits out of the descriptions, descriptions away, and none of the library's own conveniences. */
function shaped(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shaped);
  if (typeof node !== "object" || node === null) return node;
  const { description, ...rest } = node as Json;
  const choices = rest["anyOf"];
  if (Array.isArray(choices)) {
    const plain = choices.filter((choice) => !isConvenience(choice));
    if (plain.length === 1) return shaped({ description, ...rest, anyOf: undefined, ...plain[0] });
    rest["anyOf"] = plain;
  }
  const told = Object.entries(rest).filter(([, value]) => value !== undefined);
  const inner = Object.fromEntries(
    told.map(([key, value]) => [key, MAPS.has(key) ? each(value as Json) : shaped(value)]),
  );
  return typeof description === "string" ? { ...inner, ...limits(inner, description) } : inner;
}

/** Below these stand names, not words of a schema. */
const MAPS = new Set(["properties", "definitions"]);
const each = (map: Json): Json =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, shaped(value)]));

/** `{ toString(): string }` and `{ toJSON(): … }`: what the library would turn into the real thing. */
function isConvenience(choice: Json): boolean {
  const properties = Object.keys((choice["properties"] as Json | undefined) ?? {});
  return properties.length === 1 && /^to(String|JSON)$/.test(properties[0] ?? "");
}

const LETTERS = [
  ["only lowercase English letters, digits and underscores", "^[a-z0-9_]*$"],
  ["Only characters `A-Z`, `a-z`, `0-9`, `_` and `-` are allowed", "^[A-Za-z0-9_-]*$"],
] as const;

function limits(schema: Json, description: string): Json {
  const span = description.match(/(\d+)-(\d+) (characters|bytes)( after entit(?:y|ies) parsing)?/);
  const found: Json = {};
  if (span !== null && schema["type"] === "string") {
    const [, least, most, unit, parsed] = span;
    if (parsed !== undefined) found["parsedCharacters"] = [Number(least), Number(most)];
    else {
      const words = unit === "bytes" ? ["minBytes", "maxBytes"] : ["minLength", "maxLength"];
      found[words[0] ?? ""] = Number(least);
      found[words[1] ?? ""] = Number(most);
    }
  }
  const letters = LETTERS.find(([said]) => description.includes(said));
  if (letters !== undefined && schema["type"] === "string") found["pattern"] = letters[1];
  const numbers = description.match(/Values between (\d+)-(\d+) are accepted/);
  if (numbers !== null && schema["type"] === "number") {
    found["minimum"] = Number(numbers[1]);
    found["maximum"] = Number(numbers[2]);
  }
  const many = description.match(/At most (\d+) \w+ can be specified/);
  if (many !== null && schema["type"] === "array") found["maxItems"] = Number(many[1]);
  return found;
}
