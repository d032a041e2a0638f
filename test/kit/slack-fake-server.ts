/** The HTTP half of the fake of Slack: who may call, planted faults, the ledger of requests. What a method does stands elsewhere. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { check } from "./slack-fake-check.ts";
import { type Answer, type Json, type Methods, ok, refuse, text } from "./slack-fake-json.ts";
import type { Limits } from "./slack-fake-limits.ts";
import { askedOf, bodyOf, uploadOf } from "./slack-fake-request.ts";
import type { SocketMode } from "./slack-fake-socket.ts";
import type { World } from "./slack-fake-world.ts";

export type SlackFault =
  | { readonly kind: "429"; readonly retryAfter: number }
  | { readonly kind: "500" }
  | { readonly kind: "error"; readonly error: string; readonly needed?: string }
  /** The connection breaks before anything was done. */
  | { readonly kind: "drop-before" }
  /** Done, and the answer is lost. */
  | { readonly kind: "drop-after" }
  | { readonly kind: "hang" }
  | { readonly kind: "hang-after" }
  /** A page that is not JSON, and nothing done. */
  | { readonly kind: "garbage" };

export interface Frame {
  readonly at: number;
  /** A method, or `upload` and `response_url` for the addresses Slack gives out. */
  readonly method: string;
  readonly payload: Json;
  readonly fault: SlackFault | null;
  /** It was done: with a fault the caller may not know. */
  readonly executed: boolean;
  /** 0: no answer went out. */
  readonly status: number;
  /** What Slack answered, were it heard or not. */
  readonly error: string | null;
}

export interface Doors {
  readonly tokens: { readonly bot: string; readonly app: string };
  readonly methods: Methods;
  readonly limits: Limits | null;
  readonly socket: SocketMode;
  readonly receive: (ticket: string, bytes: Buffer) => readonly [number, string];
  readonly respond: (secret: string, body: Json) => readonly [number, Json | string];
}

export interface SlackServer {
  readonly frames: readonly Frame[];
  readonly port: number;
  fault(method: string, fault: SlackFault, times: number): void;
  clearFaults(): void;
  revoke(isRevoked: boolean): void;
  listen(port: number): Promise<void>;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body: Json | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly done: boolean;
}

export function slackServer(of: World, doors: Doors): SlackServer {
  const frames: Frame[] = [];
  let faults: { readonly method: string; readonly fault: SlackFault; left: number }[] = [];
  let revoked = false;
  let port = 0;
  const take = (method: string): SlackFault | null => {
    const found = faults.find((each) => each.method === method || each.method === "*");
    if (found === undefined) return null;
    found.left -= 1;
    faults = faults.filter(({ left }) => left > 0);
    return found.fault;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const { method, payload, run } = await callOf(of, doors, { request, body, revoked });
    const fault = take(method);
    const at = frames.push(frameOf(of.now(), method, payload, fault)) - 1;
    const reply = fault === null || fault.kind.endsWith("-after") ? run() : null;
    const said = reply ?? { ...planted(fault), done: false };
    const lost = fault !== null && /drop|hang/.test(fault.kind);
    const answer = typeof said.body === "string" ? {} : said.body;
    const error = text(answer["error"]) || (said.status >= 400 ? `http_${said.status}` : null);
    const outcome = { executed: said.done, status: lost ? 0 : said.status, error };
    frames[at] = { ...frameOf(of.now(), method, payload, fault), ...outcome };
    if (fault?.kind.startsWith("drop")) request.socket.destroy();
    if (!lost) send(response, said);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      of.violations.push(`the fake failed: ${error instanceof Error ? error.message : "unknown"}`);
      send(response, { status: 500, body: refuse("fatal_error"), done: false });
    });
  });
  server.on("upgrade", (request, socket, head) => doors.socket.upgrade(request, socket, head));
  return {
    frames,
    get port() {
      return port;
    },
    fault: (method, fault, times) => void faults.push({ method, fault, left: times }),
    clearFaults() {
      faults = [];
    },
    revoke(isRevoked) {
      revoked = isRevoked;
    },
    async listen(on) {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(on, "127.0.0.1", resolve);
      });
      port = (server.address() as AddressInfo).port;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      doors.socket.drop("tcp");
      server.closeAllConnections();
      await closed;
    },
  };
}

const frameOf = (at: number, method: string, payload: Json, fault: SlackFault | null): Frame => ({
  ...{ at, method, payload, fault, executed: false, status: 0, error: null },
});

/** What a fault answers instead; the lost ones answer nothing. */
function planted(fault: SlackFault | null): Omit<Reply, "done"> {
  if (fault?.kind === "429") return tooFast(fault.retryAfter);
  if (fault?.kind === "500") return { status: 500, body: "Internal Server Error" };
  if (fault?.kind === "garbage") return { status: 200, body: "<!DOCTYPE html><p>Sign in</p>" };
  if (fault?.kind !== "error") return { status: 0, body: "" };
  const { error, needed } = fault;
  const scopes = needed === undefined ? {} : { needed, provided: "chat:write,commands" };
  return { status: 200, body: refuse(error, scopes) };
}

const tooFast = (seconds: number): Reply => ({
  ...{ status: 429, body: refuse("ratelimited"), done: false },
  headers: { "retry-after": String(seconds) },
});

function send(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  const json = typeof body !== "string";
  const type = json ? "application/json; charset=utf-8" : "text/html";
  const usual = { "content-type": type, "x-slack-req-id": "0000000000000000", ...headers };
  response.writeHead(status, usual).end(json ? JSON.stringify(body) : body);
}

interface Call {
  readonly method: string;
  readonly payload: Json;
  readonly run: () => Reply;
}

interface Come {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly revoked: boolean;
}

async function callOf(of: World, doors: Doors, { request, body, revoked }: Come): Promise<Call> {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const [, door = "", , ...rest] = path.split("/");
  if (door === "upload") {
    const bytes = await uploadOf(request, body);
    const run = (): Reply => {
      const [status, said] = doors.receive(rest.join("/"), bytes);
      return { status, body: said, done: status === 200 };
    };
    return { method: "upload", payload: { length: bytes.length }, run };
  }
  const { token, payload } = await askedOf(request, body);
  if (door === "commands") {
    const run = (): Reply => {
      const [status, said] = doors.respond(rest.join("/"), payload);
      return { status, body: said, done: status === 200 };
    };
    return { method: "response_url", payload, run };
  }
  const method = path.replace(/^\/api\//, "");
  const run = (): Reply => {
    const stopped = unauthorised(doors, { method, token, revoked });
    if (stopped !== null) return { status: 200, body: refuse(stopped), done: false };
    const wait = doors.limits?.(method, payload) ?? null;
    if (wait !== null) return tooFast(wait);
    const answer = executed(of, doors, method, payload);
    return { status: 200, body: answer, done: answer.ok };
  };
  return { method, payload, run };
}

function unauthorised(
  { tokens }: Doors,
  { method, token, revoked }: { method: string; token: string; revoked: boolean },
): string | null {
  if (token === "") return "not_authed";
  if (token !== tokens.bot && token !== tokens.app) return "invalid_auth";
  const forApp = method === "apps.connections.open";
  if (revoked) return forApp ? "invalid_auth" : "token_revoked";
  return forApp === (token === tokens.app) ? null : "not_allowed_token_type";
}

function executed(of: World, doors: Doors, method: string, payload: Json): Answer {
  if (method === "api.test") return ok({ args: payload });
  const known = doors.methods[method];
  if (known === undefined) {
    of.violations.push(`${method}: unknown_method`);
    return refuse("unknown_method", { req_method: method });
  }
  const missing = known.missing?.(payload) ?? null;
  if (missing !== null) return refuse(missing);
  const fault = check(method, payload);
  if (fault === null) return known.run(payload);
  if (fault.violation)
    of.violations.push(`${method}: ${fault.error}: ${fault.messages.join("; ")}`);
  const messages = fault.messages.map((message) => `[ERROR] ${message}`);
  return refuse(fault.error, messages.length === 0 ? {} : { response_metadata: { messages } });
}
