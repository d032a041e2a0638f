/** What a reply that is not a success says: one reader for the JSON families, HTML pages and plain text. */
// coinbase.md §8.1. A page is never kept: at most 200 characters of its text, tags stripped, tokens blotted out.
import { z } from "zod";

export interface ErrorBody {
  /** `json` of a known error family: only then did the API itself speak. `page` is markup of whoever answered. */
  readonly body: "json" | "text" | "page";
  readonly code: string;
  readonly message: string;
}

const LONGEST_TEXT = 200;
/** Of a page only so much is looked at. */
const LONGEST_LOOK = 8192;

const word = z.union([z.string(), z.number()]).nullish().catch(null);
const Body = z.object({
  error: word,
  code: word,
  message: word,
  error_details: word,
  errors: z
    .array(z.object({ id: word, message: word }))
    .nullish()
    .catch(null),
});

export function readError(body: string): ErrorBody {
  const json = parseJson(body);
  const shape = Body.safeParse(json);
  if (shape.success) {
    const { error, code, message, error_details, errors } = shape.data;
    const first = errors?.[0];
    const named = isDuplicate(body) ? DUPLICATE : text(error) || text(first?.id) || text(code);
    if (named !== "") {
      const said = text(message) || text(error_details) || text(first?.message);
      return { body: "json", code: plain(named), message: plain(said) };
    }
  }
  return { body: /<[a-z!]/i.test(body) ? "page" : "text", code: "", message: plain(body) };
}

const DUPLICATE = "DUPLICATE_CLIENT_ORDER_ID";

/** Wherever it is said, and whatever else is: the venue has an order with our id. */
export const isDuplicate = (said: string): boolean =>
  /duplicate[_\s-]*client[_\s-]*order[_\s-]*id/i.test(said);

/** `undefined` when the text is not JSON. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const text = (value: string | number | null | undefined): string =>
  value === null || value === undefined ? "" : String(value);

/** Tags, control characters and whatever may be a secret taken out; at most 200 characters. */
export function plain(body: string): string {
  const words = body
    .slice(0, LONGEST_LOOK)
    .replace(/<(script|style)[\s\S]*?(<\/\1>|$)/gi, " ")
    .replace(/<[^>]*(>|$)/g, " ");
  return blotted(words)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, LONGEST_TEXT);
}

/** Tokens, keys in armour or bare, and credentials in addresses become a word in brackets. */
export const blotted = (text: string): string =>
  text
    .replace(/-----BEGIN[\s\S]*?(-----END[^-]*-----|$)/g, "[key]")
    .replace(/\beyJ[\w-]+(\.[\w-]*)*/g, "[token]")
    .replace(/\b(Bearer|Basic)\s+\S+/gi, "$1 [token]")
    .replace(/:\/\/[^\s/@]+@/g, "://[secret]@")
    .replace(/[\w+/-]{40,}={0,2}/g, (run) => (isDense(run) ? "[secret]" : run));

/** Both cases and digits in one long run: base64, and neither a path, an id nor an enum's name. */
const isDense = (run: string): boolean =>
  /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run) && !/\/apiKeys\//.test(run);
