/**
 * The REST server: finds the route, applies ordered faults, checks token and permission, answers
 * JSON.
 */
// It knows nothing of trading; every route brings its own handler.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Gatekeeper } from "./auth.ts";
import type { Clock } from "./clock.ts";
import { ApiError, invalidArgument, missingScopes, notFound, unauthorized } from "./errors.ts";
import type { Faults, PlannedAnswer } from "./faults.ts";
import type { ApiKey } from "./keys.ts";
import type { Permission } from "./options.ts";

export interface Request {
  readonly query: URLSearchParams;
  /** The `{…}` parts of the path, by name. */
  readonly path: ReadonlyMap<string, string>;
  readonly body: unknown;
  /** The key of the token; null on public routes. */
  readonly key: ApiKey | null;
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the prefix, e.g. `/products/{product_id}`. */
  readonly pattern: string;
  /** Whether the pattern stands alone, without the prefix. */
  readonly root?: boolean;
  readonly needs: Permission | "nothing";
  /** @throws ApiError for every answer but 200. */
  handle(request: Request): unknown;
}

export interface RestParts {
  readonly routes: readonly Route[];
  readonly prefix: string;
  readonly gatekeeper: Gatekeeper;
  readonly faults: Faults;
  readonly clock: Clock;
  /** Requests so far by route name. */
  readonly counts: Map<string, number>;
}

interface Match {
  readonly route: Route;
  readonly path: ReadonlyMap<string, string>;
}

const LARGEST_BODY = 1_000_000;

export const routeName = ({ method, pattern }: Pick<Route, "method" | "pattern">): string =>
  `${method} ${pattern}`;

/** The listener to hand to an HTTP server. */
export function restListener(
  parts: RestParts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    answer(parts, request, response).catch(() => response.destroy());
  };
}

async function answer(
  parts: RestParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = request.method ?? "GET";
  const url = new URL(request.url ?? "/", "http://loopback");
  const found = match(parts, method, url.pathname);
  const text = await readBody(request);
  if (found === null) {
    return send(response, errorAnswer(notFound(`no route for ${method} ${url.pathname}`)));
  }
  if (found.route.root && !isHere(request.headers.host ?? "")) {
    return send(response, errorAnswer(notFound("this page is for this machine")));
  }
  const name = routeName(found.route);
  parts.counts.set(name, (parts.counts.get(name) ?? 0) + 1);
  const faults = parts.faults.forRequest(name);
  if (faults.hang) return;
  if (faults.delayMs > 0) {
    await new Promise<void>((resolve) => parts.clock.after(faults.delayMs, resolve));
  }
  if (faults.answer !== null) return send(response, faults.answer);
  const call = { method, host: request.headers.host ?? "", path: url.pathname };
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const result = await attempt(async () => {
    const key = await admit(parts, found.route, token, call);
    const body = method === "GET" ? undefined : parseBody(text);
    return found.route.handle({ query: url.searchParams, path: found.path, body, key });
  });
  if (faults.drop) {
    response.destroy();
    return;
  }
  send(response, result);
}

/** A page opened by a browser under another name must not read what only this machine may. */
const isHere = (host: string): boolean =>
  ["127.0.0.1", "localhost", "[::1]"].includes(host.replace(/:\d+$/, ""));

async function admit(
  { gatekeeper }: RestParts,
  { needs }: Route,
  token: string,
  call: Parameters<Gatekeeper["verify"]>[1],
): Promise<ApiKey | null> {
  if (needs === "nothing") return null;
  const key = await gatekeeper.verify(token, call);
  if (key === null) throw unauthorized();
  if (!key.permissions.has(needs)) throw missingScopes();
  return key;
}

async function attempt(run: () => Promise<unknown>): Promise<PlannedAnswer> {
  try {
    return { status: 200, body: await run() };
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error);
    console.error("the exchange failed to handle a request", error);
    const message = "An error has occurred.";
    return { status: 500, body: { errors: [{ id: "internal_server_error", message }] } };
  }
}

const errorAnswer = ({ status, body }: ApiError): PlannedAnswer => ({ status, body });

function send(response: ServerResponse, { status, body, headers }: PlannedAnswer): void {
  const isText = typeof body === "string";
  const type = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  const text = body === undefined ? "" : isText ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": type, ...headers });
  response.end(text);
}

function match({ routes, prefix }: RestParts, method: string, pathname: string): Match | null {
  for (const route of routes) {
    if (route.method !== method) continue;
    const path = partsOf(route.root === true ? route.pattern : prefix + route.pattern, pathname);
    if (path !== null) return { route, path };
  }
  return null;
}

function partsOf(pattern: string, pathname: string): ReadonlyMap<string, string> | null {
  const wanted = pattern.split("/");
  const given = pathname.split("/");
  if (wanted.length !== given.length) return null;
  const path = new Map<string, string>();
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? "";
    if (part.startsWith("{") && text !== "") path.set(part.slice(1, -1), text);
    else if (part !== text) return null;
  }
  return path;
}

async function readBody(request: IncomingMessage): Promise<string> {
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

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch {
    throw invalidArgument("the body is not JSON");
  }
}
