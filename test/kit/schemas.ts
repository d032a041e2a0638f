/** JSON schemas of what the platforms take, and checks made of them. It reads `test/fixtures/schemas`; make-schemas.ts writes there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ErrorObject } from "ajv";

export const SCHEMAS = join(import.meta.dirname, "../fixtures/schemas");

/** Plain JSON. Beside the usual words: `minBytes` and `maxBytes`, the length of a string in UTF-8. */
export type Schema = Readonly<Record<string, unknown>>;

/** By the name of the file, without its ending. */
export type Schemas = ReadonlyMap<string, Schema>;

/** What is wrong with a payload, a sentence each, the most telling ones; empty when it is right. */
export type Check = (payload: unknown) => readonly string[];

const bytes = (text: string): number => Buffer.byteLength(text, "utf8");
// The schemas are large and the payloads few: most of the time goes into making the checks, so they are not optimised.
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  inlineRefs: false,
  code: { optimize: false },
})
  .addKeyword({
    keyword: "maxBytes",
    type: "string",
    schemaType: "number",
    validate: (limit: number, text: string) => bytes(text) <= limit,
    error: { message: ({ schema }) => `must be at most ${schema} bytes` },
  })
  .addKeyword({
    keyword: "minBytes",
    type: "string",
    schemaType: "number",
    validate: (limit: number, text: string) => bytes(text) >= limit,
    error: { message: ({ schema }) => `must be at least ${schema} bytes` },
  });

const schemas = new Map<string, Schema>();
const checks = new Map<string, Check>();

/** The schema in `<folder>/<name>.json`; throws when there is none. */
export function schemaOf(folder: string, name: string): Schema {
  const path = join(SCHEMAS, folder, `${name}.json`);
  const known = schemas.get(path);
  if (known !== undefined) return known;
  const read = JSON.parse(readFileSync(path, "utf8")) as Schema;
  schemas.set(path, read);
  return read;
}

/**
 * A check against `<folder>/<name>.json`, compiled at its first use.
 * @param unknown `ignored`: fields that the schema does not know are let through, as most servers do.
 */
export function validator(
  folder: string,
  name: string,
  unknown: "refused" | "ignored" = "refused",
): Check {
  const key = `${folder}/${name} ${unknown}`;
  const schema = schemaOf(folder, name);
  const check = checks.get(key) ?? checkOf(unknown === "refused" ? schema : opened(schema));
  checks.set(key, check);
  return check;
}

const opened = (schema: Schema): Schema =>
  JSON.parse(
    JSON.stringify(schema, (key, value) => (key === "additionalProperties" ? undefined : value)),
  ) as Schema;

export function checkOf(schema: Schema): Check {
  const validate = ajv.compile(schema);
  return (payload) => (validate(payload) ? [] : readable(validate.errors ?? []));
}

const depth = (error: ErrorObject): number => error.instancePath.split("/").length;

/** Of a failed choice between shapes every shape complains: who got deepest into the payload meant it. */
function readable(errors: readonly ErrorObject[]): readonly string[] {
  const telling = errors.filter(({ keyword }) => keyword !== "anyOf" && keyword !== "if");
  const outer = telling.filter((each) => depth(each) <= 1);
  const deepest = Math.max(...telling.map(depth));
  const kept = telling.filter((each) => depth(each) === deepest || outer.includes(each));
  return [...new Set(kept.map(sentence))].slice(0, 8);
}

function sentence({ instancePath, message, params }: ErrorObject): string {
  const of = params as Readonly<Record<string, unknown>>;
  const named = of["additionalProperty"] ?? of["allowedValues"] ?? of["allowedValue"];
  const which = named === undefined ? "" : `: ${JSON.stringify(named)}`;
  return `${instancePath === "" ? "payload" : instancePath} ${message ?? "is wrong"}${which}`;
}
