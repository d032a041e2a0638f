/** Health and metrics over HTTP, for this machine, and the admin pages behind them. Whatever is none of them is refused. */
// Host and Origin are checked first: a web page a person happens to open must not reach the desk through the browser.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { Log } from "../../ports/log.ts";
import type { AdminPages } from "./admin.ts";
import { metricsType } from "./metrics.ts";

export type Health =
  /** `note`: what is said instead of "ok". */
  { readonly ok: true; readonly note?: string } | { readonly ok: false; readonly reason: string };

interface HttpOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly health: () => Health;
  /** The metrics page. */
  readonly metrics: () => Promise<string>;
  /** Judge their own requests. */
  readonly admin?: AdminPages;
  readonly log: Log;
}

export interface HttpFault {
  readonly kind: "port-in-use" | "refused";
  /** One line for whoever starts the desk, with the way out. */
  readonly message: string;
}

export interface HttpServer {
  readonly port: number;
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  close(): Promise<void>;
}

export async function serveHttp(options: HttpOptions): Promise<Result<HttpServer, HttpFault>> {
  const { host, port, log } = options;
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5000, maxHeaderSize: 8192 },
    (request, response) => {
      respond(options, request, response).catch((error: unknown) => {
        log.warn("a page could not be made", { path: request.url, cause: String(error) });
        if (!response.headersSent) send(response, 500, "could not be made; see the log\n");
        else response.destroy();
      });
    },
  );
  server.maxConnections = 64;
  const fault = await new Promise<NodeJS.ErrnoException | null>((settle) => {
    server.once("error", settle);
    server.listen({ host, port }, () => settle(null));
  });
  if (fault !== null) return fail(bindFault(fault, host, port));
  server.on("error", (error) => log.warn("the HTTP server failed", { cause: String(error) }));
  const address = server.address() as AddressInfo;
  return ok({
    port: address.port,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
}

function bindFault(fault: NodeJS.ErrnoException, host: string, port: number): HttpFault {
  if (fault.code === "EADDRINUSE") {
    const message = `port ${port} on ${host} is in use: stop what listens there, or start with PORT=${port + 1} (PORT=0 takes any)`;
    return { kind: "port-in-use", message };
  }
  const why = fault.code ?? fault.message;
  const message = `cannot listen on ${host} port ${port} (${why}): set BIND_HOST to an address of this machine and PORT to a port above 1023`;
  return { kind: "refused", message };
}

async function respond(
  options: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reads = request.method === "GET" || request.method === "HEAD";
  if (!isOurs(request.headers.host, options.host)) return send(response, 403, "unknown host\n");
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  if (options.admin?.owns(path)) {
    const { status, body, headers = {} } = await options.admin.answer(path, request);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return send(response, status, `${JSON.stringify(body)}\n`, "application/json; charset=utf-8");
  }
  if (!reads && request.headers.origin !== undefined) {
    return send(response, 403, "not from a web page\n");
  }
  if (path !== "/healthz" && path !== "/metrics") return send(response, 404, "not found\n");
  if (!reads) {
    response.setHeader("allow", "GET, HEAD");
    return send(response, 405, "read only\n");
  }
  if (path === "/metrics") return send(response, 200, await options.metrics(), metricsType);
  const health = options.health();
  const line = health.ok ? (health.note ?? "ok") : health.reason;
  return send(response, health.ok ? 200 : 503, `${line.replace(/\s+/g, " ").trim()}\n`);
}

/** Whether a Host header names us: DNS of somebody else must not lead a browser here. */
function isOurs(header: string | undefined, bound: string): boolean {
  const name = (header ?? "").replace(/:\d{1,5}$/, "").toLowerCase();
  const known = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    bound.toLowerCase(),
    `[${bound.toLowerCase()}]`,
  ];
  return known.includes(name);
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(response.req.complete ? {} : { connection: "close" }),
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}
