/** The Transport port over real sockets: undici pools that stay warm, and ws. */
// It knows no venue and no chat platform; it must not retry, log or keep anything of a request.
import { buildConnector, Pool } from "undici";
import type { Transport, TransportFailure, TransportRequest } from "../../ports/transport.ts";
import { HeldBack, lookingLast } from "./last-look.ts";
import { openSocket } from "./net-socket.ts";

/** Idle connections are kept so long, unless the server names a shorter time. */
const KEEP_ALIVE_MS = 600_000;
const CONNECT_MS = 10_000;
const CONNECTIONS_PER_ORIGIN = 16;
const LARGEST_REPLY_BYTES = 64 * 1024 * 1024;

export interface NetTransport extends Transport {
  /** Ends what is under way and lets every connection go. */
  close(): Promise<void>;
}

export function netTransport(): NetTransport {
  const pools = new Map<string, Pool>();
  /** Errors of connecting: no byte of any request waiting for that connection had left. */
  const unconnected = new WeakSet<object>();
  let closed = false;

  const connector = buildConnector({ timeout: CONNECT_MS, keepAlive: true });
  const connect: buildConnector.connector = (options, done) => {
    connector(options, (...[error, socket]) => {
      if (error) {
        unconnected.add(error);
        done(error, null);
      } else done(null, socket);
    });
  };

  const poolOf = (origin: string): Pool => {
    const known = pools.get(origin);
    if (known) return known;
    const pool = new Pool(origin, {
      connect,
      connections: CONNECTIONS_PER_ORIGIN,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    pools.set(origin, pool);
    return pool;
  };

  const failure = (error: unknown): TransportFailure => ({
    failed:
      error instanceof HeldBack ||
      (typeof error === "object" && error !== null && unconnected.has(error))
        ? "not-sent"
        : "ambiguous",
    cause: causeOf(error),
  });

  return {
    request: async (request) => {
      if (closed) return { failed: "not-sent", cause: "the transport is closed" };
      if (request.signal?.aborted) return { failed: "not-sent", cause: "given up before sending" };
      const url = parsed(request.url);
      if (!url) return { failed: "not-sent", cause: "the address is not an http or https URL" };
      return exchange(poolOf(url.origin), url, request, failure);
    },
    openSocket,
    close: async () => {
      closed = true;
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy().catch(() => undefined)));
    },
  };
}

function parsed(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === "http:" || url.protocol === "https:" ? url : null;
}

async function exchange(
  pool: Pool,
  url: URL,
  request: TransportRequest,
  failure: (error: unknown) => TransportFailure,
): ReturnType<Transport["request"]> {
  const stop = new AbortController();
  const timeout = new Error(`no answer within ${request.timeoutMs} ms`);
  const timer = setTimeout(() => stop.abort(timeout), request.timeoutMs);
  const giveUp = () => stop.abort(new Error("given up while waiting"));
  request.signal?.addEventListener("abort", giveUp, { once: true });
  try {
    const { lastLook } = request;
    const road = lastLook ? pool.compose(lookingLast(lastLook)) : pool;
    const reply = await road.request({
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: { ...request.headers },
      body: request.body,
      signal: stop.signal,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of reply.body) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > LARGEST_REPLY_BYTES) throw new Error("the answer is too large");
      chunks.push(part);
    }
    return {
      status: reply.statusCode,
      headers: flat(reply.headers),
      body: Buffer.concat(chunks).toString("utf8"),
    };
  } catch (error) {
    return failure(error);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", giveUp);
  }
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined)
      out[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return out;
}

/** The error's code and message; undici and node put neither headers nor bodies there. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown failure";
  const inner = error instanceof AggregateError ? error.errors[0] : undefined;
  const message = error.message || (inner instanceof Error ? inner.message : "") || error.name;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return (code === "" || message.includes(code) ? message : `${code}: ${message}`).slice(0, 200);
}
