/** Bytes in and out of the REST server. */
// It knows no routes and no rules.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { PlannedAnswer } from "./answers.ts";

const LARGEST_BODY = 1_000_000;
const HERE: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

/**
 * A page opened by a browser must not read, or change, what only this machine may: not under
 * another name, and not from another page.
 */
export function isOurs({ headers, method }: IncomingMessage): boolean {
  const named = HERE.includes((headers.host ?? "").replace(/:\d+$/, ""));
  if (method === "GET") return named;
  const json = (headers["content-type"] ?? "").startsWith("application/json");
  return named && json && headers.origin === undefined;
}

/** @throws RangeError when it is too large. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > LARGEST_BODY) throw new RangeError("the body is too large");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** With `cut`, the connection ends in the middle of the answer. */
export function send(
  response: ServerResponse,
  { status, body, headers }: PlannedAnswer,
  cut: "half" | null = null,
): void {
  const isText = typeof body === "string";
  const type = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  const bytes = Buffer.from(body === undefined ? "" : isText ? body : JSON.stringify(body));
  const length = { "content-length": String(bytes.length) };
  response.writeHead(status, { "content-type": type, ...length, ...headers });
  if (cut === null) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}
