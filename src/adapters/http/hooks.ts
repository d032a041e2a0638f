/** The server for requests that chat platforms send to us, behind a proxy that ends TLS. It knows paths, not platforms. */
// Each path judges its own requests: a body is handed over as it came, for signatures.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { fail, ok, type Result } from "../../core/kernel/result.ts";
import type { Hook, HookReply } from "../../ports/hook.ts";
import type { Log } from "../../ports/log.ts";

const LARGEST_BODY = 1_048_576;

export interface HookServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @returns one line saying why the port cannot be had, or the server */
export async function serveHooks(options: {
  readonly host: string;
  readonly port: number;
  readonly hooks: readonly Hook[];
  readonly log: Log;
}): Promise<Result<HookServer, string>> {
  const { host, port, hooks, log } = options;
  const server = createServer(
    {
      requestTimeout: 10_000,
      headersTimeout: 5000,
      maxHeaderSize: 8192,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => {
      void answer(hooks, request)
        .catch((): HookReply => {
          log.warn("a request to a hook could not be answered", { path: pathOf(request) });
          return { status: 500 };
        })
        .then(({ status, type = "text/plain", body = "" }) => {
          if (response.destroyed) return;
          response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
          response.end(body);
        });
    },
  );
  server.maxConnections = 256;
  const fault = await new Promise<NodeJS.ErrnoException | null>((settle) => {
    server.once("error", settle);
    server.listen({ host, port }, () => settle(null));
  });
  if (fault !== null) {
    return fail(
      `cannot listen on ${host} port ${port} (${fault.code ?? fault.message}): set HOOK_PORT to a free port`,
    );
  }
  server.on("error", (error) => log.warn("the server of hooks failed", { cause: error.message }));
  const address = server.address() as AddressInfo;
  return ok({
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
}

const pathOf = (request: IncomingMessage): string => (request.url ?? "").split("?")[0] ?? "";

async function answer(hooks: readonly Hook[], request: IncomingMessage): Promise<HookReply> {
  const hook = hooks.find(({ path }) => path === pathOf(request));
  if (hook === undefined) return { status: 404 };
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk as Uint8Array);
    bytes += part.length;
    if (bytes > LARGEST_BODY) return { status: 413 };
    chunks.push(part);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return hook.answer({ method: request.method ?? "", headers, body: Buffer.concat(chunks) });
}
