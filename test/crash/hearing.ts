/** What reaches the exchange of a round, heard at its own door: when, and signed with whose key. Nothing stands in the way. */
// A desk that was overtaken has a key of its own, so that what it still sends is told apart from what its successor sends.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

interface HeardRequest {
  readonly at: number;
  /** The key's name in its token; empty without one. */
  readonly key: string;
  /** `POST /api/v3/brokerage/orders`, without a query. */
  readonly what: string;
}

export interface Hearing extends Disposable {
  /** In order of arrival. */
  readonly requests: readonly HeardRequest[];
}

const CHANNEL = "http.server.request.start";

/** @param rest the exchange's address; it must be served by this process */
export function hear(rest: string): Hearing {
  const port = Number(new URL(rest).port);
  const requests: HeardRequest[] = [];
  const listen = (message: unknown): void => {
    const { request } = message as { readonly request: IncomingMessage };
    if (request.socket.localPort !== port) return;
    const [path = ""] = (request.url ?? "").split("?");
    requests.push({ at: Date.now(), key: keyOf(request), what: `${request.method} ${path}` });
  };
  subscribe(CHANNEL, listen);
  return { requests, [Symbol.dispose]: () => void unsubscribe(CHANNEL, listen) };
}

function keyOf({ headers }: IncomingMessage): string {
  const head = /^Bearer ([\w-]+)\./.exec(headers.authorization ?? "")?.[1];
  if (head === undefined) return "";
  const { kid } = JSON.parse(Buffer.from(head, "base64url").toString()) as { kid?: unknown };
  return String(kid);
}

/** Whether it could change something: a preview is a question. */
export const changes = ({ what }: HeardRequest): boolean =>
  !what.startsWith("GET ") && !what.endsWith("/preview");
