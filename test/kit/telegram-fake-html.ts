/** Telegram's HTML: markup in, plain text and entities out, or Telegram's own complaint. Written after td/telegram/MessageEntity.cpp. */

export interface Entity {
  readonly type: string;
  /** In UTF-16 units, like `length`. */
  readonly offset: number;
  readonly length: number;
  readonly [more: string]: unknown;
}

export interface Parsed {
  readonly text: string;
  readonly entities: readonly Entity[];
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ b: "bold", strong: "bold", i: "italic", em: "italic", u: "underline", ins: "underline" },
  ...{ s: "strikethrough", strike: "strikethrough", del: "strikethrough" },
  ...{ span: "spoiler", "tg-spoiler": "spoiler", "tg-emoji": "custom_emoji", a: "text_link" },
  ...{ code: "code", pre: "pre", blockquote: "blockquote" },
};

interface Open {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly at: number;
}

/** A string is the complaint, without "can't parse entities". */
export function parseHtml(html: string): Parsed | string {
  const open: Open[] = [];
  const entities: Entity[] = [];
  let text = "";
  let at = 0;
  while (at < html.length) {
    if (html[at] !== "<") {
      const end = html.indexOf("<", at);
      const piece = html.slice(at, end < 0 ? undefined : end);
      text += decoded(piece);
      at += piece.length;
    } else if (html[at + 1] === "/") {
      const closing = /^<\/([^\s>]*)\s*(>?)/.exec(html.slice(at));
      const last = open.pop();
      if (last === undefined) return `Unexpected end tag at byte offset ${offset(html, at)}`;
      if (closing?.[2] !== ">") return `Unclosed end tag at byte offset ${offset(html, at)}`;
      const name = (closing[1] ?? "").toLowerCase();
      if (name !== "" && name !== last.tag) {
        return `Unmatched end tag at byte offset ${offset(html, at)}, expected "</${last.tag}>", found "</${name}>"`;
      }
      if (text.length > last.at) entities.push(...entityOf(last, text, entities));
      at += closing[0].length;
    } else {
      const start = startTag(html, at);
      if (typeof start === "string") return start;
      open.push({ ...start.tag, at: text.length });
      at = start.end;
    }
  }
  const left = open.at(-1);
  if (left !== undefined) return `Can't find end tag corresponding to start tag "${left.tag}"`;
  return trimmed(text, entities);
}

function startTag(html: string, at: number): { tag: Omit<Open, "at">; end: number } | string {
  const where = `at byte offset ${offset(html, at)}`;
  const name = /^<[^\s>]*/.exec(html.slice(at))?.[0] ?? "<";
  let end = at + name.length;
  if (end >= html.length) return `Unclosed start tag ${where}`;
  const tag = name.slice(1).toLowerCase();
  if (!Object.hasOwn(TYPES, tag)) return `Unsupported start tag "${tag}" ${where}`;
  const attributes = new Map<string, string>();
  for (;;) {
    end += /^\s*/.exec(html.slice(end))?.[0].length ?? 0;
    if (end >= html.length) return `Unclosed start tag ${where}`;
    if (html[end] === ">") break;
    const found = /^([^\s=>]*)(?:\s*=\s*("[^"]*("|$)|'[^']*('|$)|[\w.-]*))?/.exec(html.slice(end));
    const [whole = "", key = "", value] = found ?? [];
    if (key === "") return `Empty attribute name in the tag "${tag}" ${where}`;
    if (value === undefined && !(tag === "blockquote" && key === "expandable")) {
      return `Expected equal sign in declaration of an attribute of the tag "${tag}" ${where}`;
    }
    attributes.set(key, decoded((value ?? "").replace(/^["']|["']$/g, "")));
    end += whole.length;
  }
  if (tag === "span" && attributes.get("class") !== "tg-spoiler") {
    return `Tag "span" must have class "tg-spoiler" ${where}`;
  }
  return { tag: { tag, attributes }, end: end + 1 };
}

function entityOf(open: Open, text: string, before: Entity[]): readonly Entity[] {
  const { tag, attributes, at } = open;
  const span = { offset: at, length: text.length - at };
  const type = TYPES[tag] ?? tag;
  const last = before.at(-1);
  const language = /^language-(.+)/.exec(attributes.get("class") ?? "")?.[1];
  if (tag === "code" && language !== undefined) return [{ type, ...span, language }];
  if (tag === "pre" && last?.type === "code" && last["language"] !== undefined) {
    if (last.offset === at && last.length === span.length) before.pop();
    return [{ ...last, type: "pre" }];
  }
  if (tag === "blockquote" && attributes.has("expandable")) {
    return [{ type: "expandable_blockquote", ...span }];
  }
  if (tag === "tg-emoji") return [{ type, ...span, custom_emoji_id: attributes.get("emoji-id") }];
  if (tag !== "a") return [{ type, ...span }];
  const url = attributes.get("href") ?? text.slice(at);
  const person = /^tg:\/\/user\?id=(\d+)$/.exec(url)?.[1];
  if (person === undefined) return /^\w+:|\./.test(url) ? [{ type, ...span, url }] : [];
  const user = { id: Number(person), is_bot: false, first_name: text.slice(at) };
  return [{ type: "text_mention", ...span, user }];
}

const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

/** Only four names are known; everything else stays as it is written. */
function decoded(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(lt|gt|amp|quot));?/gi, (whole, hex, ten, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = hex === undefined ? Number(ten) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const offset = (html: string, at: number): number => Buffer.byteLength(html.slice(0, at), "utf8");

/** Telegram strips white space at both ends and moves the entities along. */
export function trimmed(text: string, entities: readonly Entity[]): Parsed {
  const lead = text.length - text.trimStart().length;
  const kept = text.trim();
  const moved = entities.flatMap((entity) => {
    const from = Math.max(entity.offset - lead, 0);
    const to = Math.min(entity.offset - lead + entity.length, kept.length);
    return to > from ? [{ ...entity, offset: from, length: to - from }].map(withoutLanguage) : [];
  });
  return { text: kept, entities: moved.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}

/** A language belongs to a block of code alone. */
function withoutLanguage(entity: Entity): Entity {
  if (entity.type !== "code") return entity;
  const { language: _, ...plain } = entity;
  return plain as Entity;
}
