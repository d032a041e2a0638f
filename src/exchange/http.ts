/**
 * The REST server: finds the route, applies ordered faults, checks token, permission and rate,
 * answers JSON.
 */
// It knows nothing of trading; every route brings its own handler.
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerNamed, type PlannedAnswer } from "./answers.ts";
import type { Gatekeeper } from "./auth.ts";
import type { OwnedClock } from "./clock.ts";
import { ApiError, invalidArgument, missingScopes, notFound, unauthorized } from "./errors.ts";
import type { Fate, Faults } from "./faults.ts";
import { isOurs, parseJson, readBody, send } from "./http-io.ts";
import type { ApiKey } from "./keys.ts";
import { type Allowance, type Limits, limitHeaders } from "./limits.ts";
import { findRoute, type Match, type Route, routeName } from "./route.ts";

export interface RestParts {
  readonly routes: readonly Route[];
  readonly prefix: string;
  readonly gatekeeper: Gatekeeper;
  readonly faults: Faults;
  readonly clock: OwnedClock;
  readonly limits: Limits;
  /** Requests so far by route name. */
  readonly counts: Map<string, number>;
}

interface Asked {
  readonly request: IncomingMessage;
  readonly method: string;
  readonly url: URL;
  readonly text: string;
}

const NO_FATE: Fate = {
  hang: false,
  delayMs: 0,
  cutBefore: false,
  answer: null,
  answerAfter: null,
  delayAfterMs: 0,
  cut: null,
};

/** The listener to hand to an HTTP server. */
export function restListener(
  parts: RestParts,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    response.setHeader("date", new Date(parts.clock.now()).toUTCString());
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
  const found = findRoute(parts, method, url.pathname);
  const asked = { request, method, url, text: await readBody(request) };
  if (found === null) {
    return send(response, errorAnswer(notFound(`no route for ${method} ${url.pathname}`)));
  }
  if (found.route.root && !isOurs(request)) {
    return send(response, errorAnswer(notFound("this page is for this machine")));
  }
  const name = routeName(found.route);
  parts.counts.set(name, (parts.counts.get(name) ?? 0) + 1);
  const fate = found.route.root ? NO_FATE : parts.faults.forRequest(name);
  if (fate.hang) return;
  await pause(parts, fate.delayMs);
  if (fate.cutBefore) return void response.destroy();
  if (fate.answer !== null) return send(response, fate.answer);
  const result = await handle(parts, found, asked);
  await pause(parts, fate.delayAfterMs);
  if (fate.cut === "whole") return void response.destroy();
  send(response, fate.answerAfter ?? result, fate.cut);
}

const pause = async ({ clock }: RestParts, ms: number): Promise<void> => {
  if (ms > 0) await new Promise<void>((resolve) => clock.after(ms, resolve));
};

async function handle(
  parts: RestParts,
  { route, path }: Match,
  asked: Asked,
): Promise<PlannedAnswer> {
  const { request, method, url, text } = asked;
  const call = { method, host: request.headers.host ?? "", path: url.pathname };
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  let headers = {};
  const result = await attempt(async () => {
    const key = await admit(parts, route, token, call);
    const allowance = allowanceOf(parts, route, asked);
    if (allowance !== null) headers = limitHeaders(allowance);
    if (allowance?.allowed === false) return answerNamed(parts.limits.rates?.answer ?? "429-json");
    const body = method === "GET" ? undefined : bodyOf(text);
    const given = { query: url.searchParams, path, headers: request.headers, key };
    const target = url.pathname + url.search;
    return { status: 200, body: await route.handle({ ...given, body, target }) };
  });
  return { ...result, headers: { ...headers, ...result.headers } };
}

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

/** Signed requests count for the user, public ones for the address. */
function allowanceOf(
  { limits }: RestParts,
  { needs, root }: Route,
  { request }: Asked,
): Allowance | null {
  const { rates } = limits;
  if (rates === null || root === true) return null;
  if (needs !== "nothing") return limits.take("user", rates.private);
  return limits.take(`address ${request.socket.remoteAddress}`, rates.public);
}

async function attempt(run: () => Promise<PlannedAnswer>): Promise<PlannedAnswer> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ApiError) return errorAnswer(error);
    console.error("the exchange failed to handle a request", error);
    return answerNamed("500-json");
  }
}

const errorAnswer = ({ status, body }: ApiError): PlannedAnswer => ({ status, body });

function bodyOf(text: string): unknown {
  const body = parseJson(text === "" ? "{}" : text);
  if (body === undefined) throw invalidArgument("the body is not JSON");
  return body;
}
