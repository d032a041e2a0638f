/** The limits that Slack's types tell in words, as words of JSON schema. It reads descriptions and nothing else. */

type Json = { [key: string]: unknown };

/** @param schema of one field or definition, described by `description`. */
export function limits(schema: Json, description: string): Json {
  const said = description.replace(/\s+/g, " ");
  if (schema["type"] === "string") return { ...schema, ...length(said) };
  if (schema["type"] === "number") return { ...schema, ...span(said) };
  if (schema["type"] === "array") return { ...schema, ...count(said), ...each(schema, said) };
  const found = length(said);
  // Of an object it is its `text` that is measured.
  if (Object.keys(found).length === 0 || !isText(schema)) return schema;
  return { allOf: [schema, { properties: { text: found } }] };
}

const isText = (schema: Json): boolean =>
  /(Text|Mrkdwn)(Element|Object)"/.test(JSON.stringify(schema));

const number = (text: string | undefined): number => Number(text?.replaceAll(",", ""));

function first(said: string, ...patterns: readonly RegExp[]): number | null {
  for (const pattern of patterns) {
    const match = said.match(pattern);
    if (match !== null) return number(match[1]);
  }
  return null;
}

function length(said: string): Json {
  const most = first(
    said,
    /max(?:imum)? length (?:for [^.]*?)?(?:is|of) ([\d,]+)/i,
    /Limited to ([\d,]+) characters/,
    /Limit ([\d,]+) characters/,
  );
  const under = first(said, /must be less than ([\d,]+) characters/i);
  const least = first(said, /minimum length (?:for [^.]*?)?is ([\d,]+)/i);
  return {
    ...(most === null ? {} : { maxLength: most }),
    ...(under === null ? {} : { maxLength: under - 1 }),
    ...(least === null ? {} : { minLength: least }),
  };
}

function span(said: string): Json {
  const between = said.match(/Must be between (\d+) and (\d+)/);
  if (between !== null) return { minimum: number(between[1]), maximum: number(between[2]) };
  const most = first(said, /max(?:imum)? (?:value is|of) `?([\d,]+)/i, /\bMax `([\d,]+)/);
  const least = first(said, /min(?:imum)? (?:number is|of) `?([\d,]+)/i, /\bMin `([\d,]+)/);
  return {
    ...(most === null ? {} : { maximum: most }),
    ...(least === null ? {} : { minimum: least }),
  };
}

function count(said: string): Json {
  const outer = said.split(/Each row|Maximum length/)[0] ?? "";
  const most = first(
    outer,
    /max(?:imum)? of ([\d,]+)/i,
    /maximum number of [\w ]+ is ([\d,]+)/i,
    /maximum ([\d,]+)/i,
    /up to ([\d,]+)/i,
  );
  const least = first(outer, /minimum ([\d,]+)/i);
  return {
    ...(most === null ? {} : { maxItems: most }),
    ...(least === null ? {} : { minItems: least }),
  };
}

/** What is said of the items of a list, or of the cells of its rows. */
function each(schema: Json, said: string): Json {
  const items = schema["items"] as Json | undefined;
  if (items === undefined) return {};
  const cells = first(said, /Each row [^.]*max of ([\d,]+)/);
  if (cells !== null) return { items: { ...items, maxItems: cells } };
  const most = first(said, /Maximum length for the text in each item is ([\d,]+)/);
  if (most === null || !isText(items)) return {};
  return { items: { allOf: [items, { properties: { text: { maxLength: most } } }] } };
}
