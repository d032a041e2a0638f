/** Opens the three ports of the exchange: REST, the market socket, the user socket. */
// What is served on them is decided elsewhere.
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Settings } from "./options.ts";

export interface Doors {
  readonly rest: Server;
  readonly market: Server;
  readonly user: Server;
}

/** A port that could not be had. The message names it and the way out. */
export class PortError extends Error {
  override readonly name = "PortError";
}

/** HTTP servers, or HTTPS ones when a certificate is given; not listening yet. */
export function makeDoors({ tls }: Settings): Doors {
  const make = (): Server => (tls === null ? createServer() : createSecureServer({ ...tls }));
  return { rest: make(), market: make(), user: make() };
}

/** @throws PortError when a port is taken; then none of the three stays open. */
export async function openDoors(doors: Doors, { port, host }: Settings): Promise<void> {
  try {
    for (const [index, server] of [doors.rest, doors.market, doors.user].entries()) {
      await listen(server, port === 0 ? 0 : port + index, host);
    }
  } catch (error) {
    await closeDoors(doors);
    throw error;
  }
}

export async function closeDoors(doors: Doors): Promise<void> {
  await Promise.all([doors.rest, doors.market, doors.user].map(shut));
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "is in use" : `cannot be opened (${cause.code})`;
      const message = `port ${port} on ${host} ${why}; choose another with --port, or 0 for any three`;
      reject(new PortError(message, { cause }));
    });
    server.listen(port, host, resolve);
  });

const shut = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** `http://127.0.0.1:8080`, with the scheme given. */
export function addressOf(server: Server, scheme: string): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new PortError("the port is not open");
  return `${scheme}://${address.address}:${address.port}`;
}
