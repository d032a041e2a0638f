/** Turns a call that was made into what may be shown of it. The token is taken apart and never kept. */
// Every text of another party passes the blotter: this is the one place where headers leave the adapter.
import { z } from "zod";
import type { Instant } from "../../core/kernel/time.ts";
import type { TransportFailure, TransportReply, TransportRequest } from "../../ports/transport.ts";
import { blotted, parseJson } from "./errors.ts";
import { type Fault, faultText } from "./fault.ts";
import type { HeardCall } from "./heard.ts";

export interface MadeCall {
  readonly request: TransportRequest;
  readonly id: string;
  readonly at: Instant;
  readonly ended: Instant;
  readonly reply: TransportReply | TransportFailure;
  readonly fault: Fault | null;
}

/** Cookies, and whatever else is a session and not a diagnosis. */
const UNSHOWN = /cookie|authorization|secret|token/;
const LONGEST_VALUE = 500;

export function heardCall({ request, id, at, ended, reply, fault }: MadeCall): HeardCall {
  const { pathname, search } = new URL(request.url);
  return {
    at,
    tookMs: Math.max(0, ended - at),
    method: request.method,
    target: blotted(`${pathname}${search}`),
    id,
    sent: shown(request.headers),
    status: "status" in reply ? reply.status : null,
    received: "status" in reply ? shown(reply.headers) : {},
    fault: fault === null ? null : faultText(fault),
  };
}

function shown(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const all: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (name === "authorization") all.push([name, describeToken(value)]);
    else if (!UNSHOWN.test(name)) all.push([name, blotted(value).slice(0, LONGEST_VALUE)]);
  }
  return Object.fromEntries(all);
}

const known = z.union([z.string(), z.number()]).optional().catch(undefined);
const Head = z.object({ alg: known, kid: known });
const Claims = z.object({ iat: known, nbf: known, exp: known, uri: known });

/** `Bearer [ES256 key 9d3f6a1c… nbf 1788824242 exp 1788824362 uri GET host/path]`: dates in unix seconds. */
export function describeToken(authorization: string): string {
  const [head = "", claims = ""] = authorization.replace(/^Bearer\s+/i, "").split(".");
  const { alg, kid } = part(Head, head);
  const { iat, nbf, exp, uri } = part(Claims, claims);
  const last =
    String(kid ?? "")
      .split("/")
      .at(-1) ?? "";
  const words = [
    alg ?? "unreadable token",
    last === "" ? null : `key ${last.slice(0, 8)}…`,
    iat === undefined ? null : `iat ${iat}`,
    nbf === undefined ? null : `nbf ${nbf}`,
    exp === undefined ? null : `exp ${exp}`,
    uri === undefined ? null : `uri ${uri}`,
  ];
  return `Bearer [${blotted(words.filter((word) => word !== null).join(" "))}]`;
}

function part<T extends z.ZodType>(schema: T, base64url: string): z.output<T> {
  const json = parseJson(Buffer.from(base64url, "base64url").toString("utf8"));
  const read = schema.safeParse(json);
  return read.success ? read.data : schema.parse({});
}
