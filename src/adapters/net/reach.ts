/** Whether a host can be reached at all, and where on the way it ends: name, connection, or TLS. */
// It sends no request. A host of several addresses is reached when one of them is, as in the calls themselves.
import { lookup as systemLookup } from "node:dns";
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import { fail, ok, type Result } from "../../core/kernel/result.ts";

export interface Unreached {
  readonly step: "DNS" | "TCP" | "TLS";
  readonly cause: string;
}

const CONNECT_MS = 5000;
const SECURE: ReadonlySet<string> = new Set(["https:", "wss:"]);

/** What was reached, in one line for people. `lookup` finds the addresses of a name; the system's unless told. */
export async function reach(
  address: string,
  lookup: LookupFunction = systemLookup,
): Promise<Result<string, Unreached>> {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isSecure = SECURE.has(url.protocol);
  const port = Number(url.port) || (isSecure ? 443 : 80);
  const to = { host, port, lookup, autoSelectFamily: true };
  const connected = await opened(connectPlain(to), "connect");
  if (!connected.ok) {
    const { syscall, cause } = connected.error;
    return fail({ step: /^getaddrinfo|^query/.test(syscall) ? "DNS" : "TCP", cause });
  }
  const where = isIP(host) === 0 ? `${connected.value} port ${port}` : `port ${port}`;
  if (!isSecure) return ok(`${where}, without TLS`);
  const servername = isIP(host) === 0 ? host : "";
  const secured = await opened(connectSecure({ ...to, servername }), "secureConnect");
  return secured.ok ? ok(`${where}, TLS`) : fail({ step: "TLS", cause: secured.error.cause });
}

interface Unopened {
  readonly cause: string;
  /** What of the system failed, or empty. */
  readonly syscall: string;
}

/** The address it opened to. The socket is gone either way. */
function opened(
  socket: Socket,
  event: "connect" | "secureConnect",
): Promise<Result<string, Unopened>> {
  return new Promise((resolve) => {
    const end = (result: Result<string, Unopened>): void => {
      socket.destroy();
      resolve(result);
    };
    const late = `nothing within ${CONNECT_MS} ms`;
    socket.setTimeout(CONNECT_MS, () => end(fail({ cause: late, syscall: "" })));
    socket.once(event, () => end(ok(socket.remoteAddress ?? "")));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      end(fail({ cause: codeOf(error), syscall: error.syscall ?? "" })),
    );
  });
}

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
};
