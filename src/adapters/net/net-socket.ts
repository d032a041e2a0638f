/** One WebSocket over ws. It answers pings by itself and says `close` exactly once. */
// No reconnecting and no parsing here.
import WebSocket from "ws";
import type { Socket, SocketHandlers } from "../../ports/transport.ts";

/** Level-2 snapshots reach several megabytes. */
const LARGEST_FRAME_BYTES = 64 * 1024 * 1024;
const HANDSHAKE_MS = 10_000;
/** From asking to close until the connection is cut. */
const POLITE_MS = 1000;

export function openSocket(url: string, handlers: SocketHandlers): Socket {
  let socket: WebSocket;
  try {
    socket = new WebSocket(url, {
      maxPayload: LARGEST_FRAME_BYTES,
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : "not a WebSocket URL";
    setImmediate(() => handlers.close(1006, reason));
    return { send: () => undefined, close: () => undefined };
  }
  let broke = "";
  let force: NodeJS.Timeout | null = null;
  socket.on("open", () => handlers.open());
  socket.on("message", (data, binary) => {
    if (!binary) handlers.message(textOf(data));
  });
  socket.on("ping", () => handlers.ping?.());
  socket.on("error", (error) => {
    broke = error.message || error.name;
  });
  socket.on("close", (code, reason) => {
    if (force) clearTimeout(force);
    handlers.close(code, reason.toString("utf8") || broke);
  });
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text, () => undefined);
    },
    close: () => {
      if (force || socket.readyState === WebSocket.CLOSED) return;
      force = setTimeout(() => socket.terminate(), POLITE_MS);
      socket.close(1000);
    },
  };
}

function textOf(data: WebSocket.RawData): string {
  if (Buffer.isBuffer(data)) return data.toString("utf8");
  if (data instanceof ArrayBuffer) return Buffer.from(data).toString("utf8");
  return Buffer.concat(data).toString("utf8");
}
