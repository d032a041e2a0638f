/** Whether a host can be reached at all, and where on the way it ends: name, connection, or TLS. */
// It sends no request.
import { lookup } from "node:dns/promises";
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import { fail, ok, type Result } from "../../core/kernel/result.ts";

export interface Unreached {
  readonly step: "DNS" | "TCP" | "TLS";
  readonly cause: string;
}

const CONNECT_MS = 5000;
const SECURE: ReadonlySet<string> = new Set(["https:", "wss:"]);

/** What was reached, in one line for people. */
export async function reach(address: string): Promise<Result<string, Unreached>> {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const secure = SECURE.has(url.protocol);
  const port = Number(url.port) || (secure ? 443 : 80);
  const found = await ipOf(host);
  if (!found.ok) return found;
  const connected = await opened(connectPlain({ host: found.value, port }), "connect");
  if (connected !== null) return fail({ step: "TCP", cause: connected });
  const where = isIP(host) === 0 ? `${found.value} port ${port}` : `port ${port}`;
  if (!secure) return ok(`${where}, without TLS`);
  const servername = isIP(host) === 0 ? host : "";
  const tls = connectSecure({ host: found.value, port, servername });
  const failed = await opened(tls, "secureConnect");
  return failed === null ? ok(`${where}, TLS`) : fail({ step: "TLS", cause: failed });
}

async function ipOf(host: string): Promise<Result<string, Unreached>> {
  try {
    return ok((await lookup(host)).address);
  } catch (error) {
    return fail({ step: "DNS", cause: codeOf(error) });
  }
}

/** Why it did not open, or null. The socket is gone either way. */
function opened(socket: Socket, event: "connect" | "secureConnect"): Promise<string | null> {
  return new Promise((resolve) => {
    const end = (cause: string | null): void => {
      socket.destroy();
      resolve(cause);
    };
    socket.setTimeout(CONNECT_MS, () => end(`nothing within ${CONNECT_MS} ms`));
    socket.once(event, () => end(null));
    socket.on("error", (error) => end(codeOf(error)));
  });
}

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
};
