/** Answers that are not the API's own: throttled, broken, cut short on the way by the CDN. */
// Words and shapes as they have been seen; who gets them is decided elsewhere.

export interface PlannedAnswer {
  readonly status: number;
  /** JSON, or text sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const HTML = { "content-type": "text/html; charset=UTF-8" };

const page = (status: number, title: string, text: string): PlannedAnswer => ({
  status,
  headers: HTML,
  body: `<html>\n  <head>\n    <title>${title}</title>\n    <meta name="robots" content="noindex">\n  </head>\n  <body>${text}</body>\n</html>\n`,
});

const listed = (status: number, id: string, message: string): PlannedAnswer => ({
  status,
  body: { errors: [{ id, message }] },
});

const plain = (status: number, error: string, text: string): PlannedAnswer => ({
  status,
  body: { error, error_details: text, message: text },
});

const BROKEN =
  "An error has occurred. If this problem persists, please visit https://support.coinbase.com for assistance.";
const NO_ORDER = "order with this orderID was not found";

const ANSWERS = {
  "400": plain(400, "INVALID_ARGUMENT", "invalid argument"),
  "401": { status: 401, body: "Unauthorized\n" },
  "403-scopes": plain(403, "PERMISSION_DENIED", "Missing required scopes"),
  "404-order": plain(404, "NOT_FOUND", NO_ORDER),
  "404-order-old": plain(404, "unknown", NO_ORDER),
  "429-json": listed(429, "rate_limit_exceeded", "Too many requests"),
  "429-exhausted": listed(429, "resource_exhausted", "Too many requests"),
  "429-html": page(429, "Coinbase", "Too many requests"),
  "500-json": listed(500, "internal_server_error", BROKEN),
  "500-gateway": {
    status: 500,
    body: { error: "internal", code: 13, message: "internal", details: [] },
  },
  "502-html": page(502, "502 Bad Gateway", "<h1>502 Bad Gateway</h1>"),
  "503-html": page(503, "Service Unavailable", "<h1>Service Unavailable</h1>"),
  "504-html": page(504, "504 Gateway Time-out", "<h1>504 Gateway Time-out</h1>"),
} as const satisfies Readonly<Record<string, PlannedAnswer>>;

export type AnswerName = keyof typeof ANSWERS;

export const ANSWER_NAMES: readonly string[] = Object.keys(ANSWERS);

const isName = (text: string): text is AnswerName => Object.hasOwn(ANSWERS, text);

/** @throws RangeError for a name that stands for nothing. */
export function answerNamed(answer: PlannedAnswer | string): PlannedAnswer {
  if (typeof answer !== "string") return answer;
  if (!isName(answer)) {
    throw new RangeError(`there is no answer ${answer}; there are ${ANSWER_NAMES.join(", ")}`);
  }
  return ANSWERS[answer];
}
