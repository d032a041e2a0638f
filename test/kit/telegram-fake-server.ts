/** The HTTP of the fake Telegram: requests become calls, calls become frames and answers, and planted faults happen. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { isRefusal, type Json, type Refusal, refusal } from "./telegram-fake-chats.ts";
import { type Call, readCall } from "./telegram-fake-payload.ts";
import { tooMany } from "./telegram-fake-service.ts";

/** `after`: it was executed, and the answer is lost. */
export type TelegramFault =
  | { readonly kind: "429"; readonly retryAfter: number }
  | { readonly kind: "400"; readonly description: string; readonly parameters?: object }
  | { readonly kind: "403" | "409" | "500" | "502-html" | "garbage" }
  | { readonly kind: "drop-before" | "drop-after" | "hang" | "hang-after" };

/** One request. `status` is 0 as long as there is no answer. */
export interface Frame {
  readonly at: number;
  readonly method: string;
  /** Files stand in it as `{ file, name }`. */
  readonly payload: Json;
  readonly fault: string | null;
  /** It was answered with ok, or would have been. */
  readonly executed: boolean;
  readonly status: number;
}

export interface ServerParts {
  readonly token: string;
  readonly port: number;
  readonly now: () => number;
  readonly isRevoked: () => boolean;
  execute(call: Call, gone: AbortSignal): Promise<unknown>;
  /** The answer to this call left. */
  answered(call: Call, result: unknown): void;
}

export interface Server {
  readonly port: number;
  readonly frames: readonly Frame[];
  fault(method: string, fault: TelegramFault, times: number): void;
  clearFaults(): void;
  down(isDown: boolean): Promise<void>;
}

const HTML = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>\r\n";

export async function telegramServer(parts: ServerParts): Promise<Server> {
  const frames: Frame[] = [];
  const sockets = new Set<Socket>();
  const queues = new Map<string, { readonly fault: TelegramFault; left: number }[]>();

  const takeFault = (method: string): TelegramFault | null => {
    const queue = [queues.get(method), queues.get("*")].find((each) => each?.length);
    const next = queue?.[0];
    if (queue === undefined || next === undefined) return null;
    next.left -= 1;
    if (next.left <= 0) queue.shift();
    return next.fault;
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = /^\/bot([^/]+)\/([^/?]+)/.exec(request.url ?? "");
    if (path === null) return reply(response, refusal("Not Found", 404));
    const call = await readCall(path[2] ?? "", request);
    const fault = takeFault(call.method);
    const blank = { ...call, at: parts.now(), executed: false, status: 0 };
    const index = frames.push({ ...blank, fault: fault?.kind ?? null }) - 1;
    const note = (seen: Partial<Frame>): void => {
      frames[index] = { ...(frames[index] ?? { ...blank, fault: null }), ...seen };
    };
    const end = (result: unknown): void => {
      note({ status: isRefusal(result) ? result.refused : 200 });
      reply(response, result);
    };
    if (path[1] !== parts.token || parts.isRevoked()) return end(refusal("Unauthorized", 401));
    if (fault !== null && !fault.kind.endsWith("-after")) return spoil(response, fault, end, note);
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const result = await parts.execute(call, gone.signal);
    note({ executed: !isRefusal(result) });
    if (fault?.kind === "drop-after") request.socket.resetAndDestroy();
    if (fault !== null || gone.signal.aborted) return;
    end(result);
    parts.answered(call, result);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((cause: unknown) => {
      reply(response, refusal(`Bad Request: ${String(cause)}`));
    });
  });
  server.keepAliveTimeout = 60_000;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  await listen(parts.port);
  const { port } = server.address() as AddressInfo;

  return {
    port,
    frames,
    fault(method, fault, times) {
      const queue = queues.get(method) ?? [];
      queues.set(method, [...queue, { fault, left: times }]);
    },
    clearFaults: () => queues.clear(),
    async down(isDown) {
      if (isDown === !server.listening) return;
      if (!isDown) return listen(port);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** What happens instead of the call. */
function spoil(
  response: ServerResponse,
  fault: TelegramFault,
  end: (refused: Refusal) => void,
  note: (seen: Partial<Frame>) => void,
): void {
  const raw = (status: number, type: string, body: string): void => {
    note({ status });
    response.writeHead(status, { "content-type": type }).end(body);
  };
  switch (fault.kind) {
    case "429":
      return end(tooMany(fault.retryAfter));
    case "400": {
      const description = fault.description.replace(/^(?!Bad Request)/, "Bad Request: ");
      return end(refusal(description, 400, fault.parameters as Json | undefined));
    }
    case "403":
      return end(refusal("Forbidden: bot was blocked by the user", 403));
    case "409": {
      const why = "make sure that only one bot instance is running";
      return end(refusal(`Conflict: terminated by other getUpdates request; ${why}`, 409));
    }
    case "500":
      return end(refusal("Internal Server Error", 500));
    case "502-html":
      return raw(502, "text/html", HTML);
    case "garbage":
      return raw(200, "text/html", HTML);
    case "drop-before":
      response.socket?.resetAndDestroy();
      return;
    default:
      return;
  }
}

function reply(response: ServerResponse, result: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const status = isRefusal(result) ? result.refused : 200;
  const wait = isRefusal(result) ? result.parameters?.["retry_after"] : undefined;
  const headers = {
    "content-type": "application/json",
    ...(wait === undefined ? {} : { "retry-after": String(wait) }),
  };
  response.writeHead(status, headers).end(JSON.stringify(bodyOf(result)));
}

function bodyOf(result: unknown): Json {
  if (!isRefusal(result)) return { ok: true, result };
  const { refused: error_code, description, parameters } = result;
  const more = parameters === undefined ? {} : { parameters };
  return { ok: false, error_code, description, ...more };
}
