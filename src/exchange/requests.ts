/**
 * What comes of one REST request: the route, ordered faults, token, permission and rate, and then an answer, a cut
 * connection, or nothing at all.
 */
// It holds no connection and knows nothing of trading; every route brings its own handler.
import { answerNamed, type PlannedAnswer } from "./answers.ts";
import type { Gatekeeper } from "./auth.ts";
import type { OwnedClock } from "./clock.ts";
import { ApiError, invalidArgument, missingScopes, notFound, unauthorized } from "./errors.ts";
import type { Fate, Faults } from "./faults.ts";
import type { ApiKey } from "./keys.ts";
import { type Allowance, type Limits, limitHeaders } from "./limits.ts";
import { HERE } from "./names.ts";
import { findRoute, type Headers, type Match, type Route, routeName } from "./route.ts";

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

/** A request, however it came. */
export interface Asked {
  readonly method: string;
  /** Path and query as they came. */
  readonly target: string;
  readonly headers: Headers;
  /** Null for a body beyond `LARGEST_BODY` bytes: its connection is cut. */
  readonly text: string | null;
  /** Where it comes from; public routes count by it. */
  readonly address: string;
}

/** An answer as it goes out: names of headers in lower case. */
export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Outcome =
  /** With `half`, the connection ends in the middle of it. */
  | { readonly kind: "answer"; readonly answer: Outgoing; readonly half: boolean }
  /** The connection ends without an answer. */
  | { readonly kind: "cut" }
  /** The connection stays, and nothing comes. */
  | { readonly kind: "hang" };

export const LARGEST_BODY = 1_000_000;

interface Taken extends Asked {
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
const CUT: Outcome = { kind: "cut" };

/** Never throws: what nobody foresaw cuts the connection. */
export const requests = (parts: RestParts) => async (asked: Asked) => {
  const date = new Date(parts.clock.now()).toUTCString();
  return answer(parts, asked, date).catch(() => CUT);
};

async function answer(parts: RestParts, asked: Asked, date: string): Promise<Outcome> {
  const { method, text } = asked;
  const say = (planned: PlannedAnswer, half = false): Outcome => ({
    kind: "answer",
    answer: outgoing(planned, date),
    half,
  });
  if (text === null) return CUT;
  const url = new URL(asked.target, "http://loopback");
  const found = findRoute(parts, method, url.pathname);
  if (found === null) return say(errorAnswer(notFound(`no route for ${method} ${url.pathname}`)));
  if (found.route.root && !isOurs(asked)) {
    return say(errorAnswer(notFound("this page is for this machine")));
  }
  const name = routeName(found.route);
  parts.counts.set(name, (parts.counts.get(name) ?? 0) + 1);
  const fate = found.route.root ? NO_FATE : parts.faults.forRequest(name);
  if (fate.hang) return { kind: "hang" };
  await pause(parts, fate.delayMs);
  if (fate.cutBefore) return CUT;
  if (fate.answer !== null) return say(fate.answer);
  const result = await handle(parts, found, { ...asked, url, text });
  await pause(parts, fate.delayAfterMs);
  if (fate.cut === "whole") return CUT;
  return say(fate.answerAfter ?? result, fate.cut === "half");
}

/**
 * A page opened by a browser must not read, or change, what only this machine may: not under
 * another name, and not from another page.
 */
function isOurs({ headers, method }: Asked): boolean {
  const named = HERE.includes((headers["host"] ?? "").replace(/:\d+$/, ""));
  if (method === "GET") return named;
  const json = (headers["content-type"] ?? "").startsWith("application/json");
  return named && json && headers["origin"] === undefined;
}

const pause = async ({ clock }: RestParts, ms: number): Promise<void> => {
  if (ms > 0) await new Promise<void>((resolve) => clock.after(ms, resolve));
};

async function handle(
  parts: RestParts,
  { route, path }: Match,
  asked: Taken,
): Promise<PlannedAnswer> {
  const { method, url, text, headers: sent, target } = asked;
  const call = { method, host: sent["host"] ?? "", path: url.pathname };
  const token = /^Bearer (\S+)$/.exec(sent["authorization"] ?? "")?.[1] ?? "";
  let headers = {};
  const result = await attempt(async () => {
    const key = await admit(parts, route, token, call);
    const allowance = allowanceOf(parts, route, asked);
    if (allowance !== null) headers = limitHeaders(allowance);
    if (allowance?.allowed === false) return answerNamed(parts.limits.rates?.answer ?? "429-json");
    const body = method === "GET" ? undefined : bodyOf(text);
    const given = { query: url.searchParams, path, headers: sent, key, body, target };
    return { status: 200, body: await route.handle(given) };
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
  { address }: Asked,
): Allowance | null {
  const { rates } = limits;
  if (rates === null || root === true) return null;
  if (needs !== "nothing") return limits.take("user", rates.private);
  return limits.take(`address ${address}`, rates.public);
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
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch {
    throw invalidArgument("the body is not JSON");
  }
}

function outgoing({ status, body, headers }: PlannedAnswer, date: string): Outgoing {
  const isText = typeof body === "string";
  const type = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  const text = body === undefined ? "" : isText ? body : JSON.stringify(body);
  const length = { "content-length": String(Buffer.byteLength(text)) };
  return { status, headers: { date, "content-type": type, ...length, ...headers }, body: text };
}
