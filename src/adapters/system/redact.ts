/** Takes everything secret out of a text. The one redactor: whatever is logged has passed through it. */
// It knows secrets by their shape, so it also finds one inside an error somebody else wrote.

const HIDDEN = "[secret]";

/** One letter of base64, as it is or as it stands in an address. */
const B64 = "(?:[A-Za-z0-9+/_-]|%2[BbFf])";
/** After a name and a colon these begin a sentence about it, as in `COINBASE_API_SECRET: the key is broken`. */
const SENTENCE =
  "(?<=: )(?:the|a|an|this|that|it|its|there|is|was|are|has|have|can|cannot|could|may|must|no|not|nobody|set|differs) ";

const SHAPES: readonly (readonly [RegExp, string])[] = [
  // What a query was given: rows hold what people say.
  [/(Failed query: [\s\S]*?\nparams:)[\s\S]*/g, `$1 ${HIDDEN}`],
  // A PEM, with real, literal or encoded line breaks and blanks, cut off or whole.
  [/-----BEGIN(?:[A-Z +]|%20)+-----[\s\S]*?(?:-----END(?:[A-Z +]|%20)+-----|$)/g, HIDDEN],
  [
    /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"',}]+/gi,
    `$1${HIDDEN}`,
  ],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${HIDDEN}`],
  // A JWT.
  [/\beyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g, HIDDEN],
  // Telegram, also within /bot<token>/ of its API.
  [/\d{6,12}(?::|%3A)[A-Za-z0-9_-]{30,}/gi, HIDDEN],
  // Slack: bot, user, app and configuration tokens.
  [/\bx(?:ox[a-z]|app)[.-][A-Za-z0-9.-]{8,}/g, HIDDEN],
  // One connection of Slack's Socket Mode.
  [/\b(ticket=)[\w%.~-]+/gi, `$1${HIDDEN}`],
  [/\bhttps?:\/\/hooks\.[^\s"'<>]+/gi, HIDDEN],
  [/\bhttps?:\/\/[^\s"'<>]*\/webhooks?\/[^\s"'<>]+/gi, HIDDEN],
  // The password of any address: postgres://user:password@host. The last @ ends it.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*):[^\s"']*@/gi, `$1:${HIDDEN}@`],
  [/\borganizations\/[\w-]+\/apiKeys\/[\w-]+/g, HIDDEN],
  // The base64 of a 64-byte key, and of a 32-byte one.
  [new RegExp(`${B64}{86}(?:==|%3D%3D)`, "gi"), HIDDEN],
  [new RegExp(`(?<![A-Za-z0-9+/_-])${B64}{43}(?:=|%3D)(?!=|%3D)`, "gi"), HIDDEN],
  // name=value and "name": "value" of a thing that is called a secret.
  [
    new RegExp(
      `((?:password|passwd|secret|token|private_?key|api_?key|jwt|signature|cookie)["']?\\s*[:=]\\s*["']?)(?!${SENTENCE})[^\\s"',;&}]+`,
      "gi",
    ),
    `$1${HIDDEN}`,
  ],
];

const SECRET_NAME =
  /password|passwd|secret|token|private_?key|api_?key|authorization|jwt|signature|cookie|webhook|pem$/i;

export function redact(text: string): string {
  let clean = text;
  for (const [shape, instead] of SHAPES) clean = clean.replace(shape, instead);
  return clean.replace(LONG_RUN, (all, run: string) => (isKeyBody(run) ? HIDDEN : all));
}

/** Perhaps base64 of a key, plain or for addresses, or of a PEM that has lost its head; its padding may stand on a line of its own. */
const LONG_RUN =
  /([A-Za-z0-9+/_-]{40,})(?:={1,2}|(?:\s|\\[rn])+[A-Za-z0-9+/_-]{1,76}={1,2}(?![A-Za-z0-9+/_=-]))?/g;
/** Of random letters two of three differ in kind from the one before; of words and ids fewer. */
const LEAST_CHANGES = 0.3;
const LEAST_TURNS = 3;

/** A path, an id and a name are long too, but do not change between capitals, small letters and digits at every turn. */
function isKeyBody(run: string): boolean {
  if (run.split(/[/_-]/).some((part) => part.length >= 20 && isMixed(part))) return true;
  const turns = run.match(/(?<=[a-z])[A-Z]|(?<=[A-Z])[a-z]/g)?.length ?? 0;
  const digits = run.match(/(?<=\d)[A-Za-z]|(?<=[A-Za-z])\d/g)?.length ?? 0;
  return turns >= LEAST_TURNS && turns + digits >= run.length * LEAST_CHANGES;
}

const isMixed = (text: string): boolean =>
  /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);

/** As `redact`, but a text in a field that is called a secret goes whole. */
export const redactField = (name: string, text: string): string =>
  SECRET_NAME.test(name) && text !== "" ? HIDDEN : redact(text);
