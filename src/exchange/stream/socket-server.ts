/** The sockets over node and ws: bytes in, frames out. */
// What is said on them is the session's business.
import type { IncomingMessage, Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { Line } from "./connection.ts";
import { LARGEST_MESSAGE, openSession, refusal, type SessionParts } from "./session.ts";

/** Serves one of the two sockets on an HTTP server that listens elsewhere. */
export function serveSockets(parts: SessionParts, server: Server): WebSocketServer {
  const sockets = new WebSocketServer({
    server,
    maxPayload: LARGEST_MESSAGE,
    verifyClient: ({ req }: { readonly req: IncomingMessage }, answer) => {
      const status = refusal(parts, addressOf(req));
      if (status === null) answer(true);
      else answer(false, status);
    },
  });
  sockets.on("connection", (socket, request) => {
    const session = openSession(parts, lineOf(socket), addressOf(request));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => session.ended());
    socket.on("message", (data) => session.hear(String(data)));
  });
  return sockets;
}

const addressOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? "";

const lineOf = (socket: WebSocket): Line => ({
  get open() {
    return socket.readyState === socket.OPEN;
  },
  get waiting() {
    return socket.bufferedAmount;
  },
  send: (text) => socket.send(text),
  close: (code) => socket.close(code),
  cut: () => socket.terminate(),
});
