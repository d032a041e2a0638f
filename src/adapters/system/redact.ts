/** Takes everything secret out of a text. The one redactor: whatever is logged has passed through it. */
// It knows secrets by their shape, so it also finds one inside an error somebody else wrote.

const HIDDEN = "[secret]";

const SHAPES: readonly (readonly [RegExp, string])[] = [
  // A PEM, with real or literal line breaks, cut off or whole.
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)/g, HIDDEN],
  [
    /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"',}]+/gi,
    `$1${HIDDEN}`,
  ],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${HIDDEN}`],
  // A JWT.
  [/\beyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g, HIDDEN],
  // Telegram, also within /bot<token>/ of its API.
  [/\d{6,12}:[A-Za-z0-9_-]{30,}/g, HIDDEN],
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
  [/[A-Za-z0-9+/]{86}==/g, HIDDEN],
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?!=)/g, HIDDEN],
  // name=value and "name": "value" of a thing that is called a secret.
  [
    /((?:password|passwd|secret|token|private_?key|api_?key|jwt|signature|cookie)["']?\s*[:=]\s*["']?)[^\s"',;&}]+/gi,
    `$1${HIDDEN}`,
  ],
];

const SECRET_NAME =
  /password|passwd|secret|token|private_?key|api_?key|authorization|jwt|signature|cookie|webhook|pem$/i;

export function redact(text: string): string {
  let clean = text;
  for (const [shape, instead] of SHAPES) clean = clean.replace(shape, instead);
  return clean;
}

/** As `redact`, but a text in a field that is called a secret goes whole. */
export const redactField = (name: string, text: string): string =>
  SECRET_NAME.test(name) && text !== "" ? HIDDEN : redact(text);
