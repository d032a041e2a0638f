/** Accepts WebSocket connections and obeys their subscribe and unsubscribe messages. */
// It handles one message of a connection after the other; what is streamed is the feed's business.
import type { Server } from "node:http";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Gatekeeper } from "../auth.ts";
import type { Faults, Stream } from "../faults.ts";
import type { Venue } from "../venue.ts";
import { type Channel, Connection } from "./connection.ts";
import type { Feed } from "./feed.ts";

export interface SocketParts {
  readonly server: Server;
  readonly stream: Stream;
  readonly venue: Venue;
  readonly feed: Feed;
  readonly gatekeeper: Gatekeeper;
  readonly faults: Faults;
}

interface Message {
  readonly type: "subscribe" | "unsubscribe";
  readonly channel: Channel;
  readonly names: readonly string[];
  readonly token: string | null;
}

const CHANNELS: Readonly<Record<Stream, readonly string[]>> = {
  market: ["heartbeats", "ticker", "level2", "market_trades", "candles", "user"],
  user: ["heartbeats", "user"],
};
const LARGEST_MESSAGE = 1_000_000;

/** Serves one of the two sockets on an HTTP server that listens elsewhere. */
export function serveSockets(parts: SocketParts): WebSocketServer {
  const { server, stream, venue, feed, faults } = parts;
  const sockets = new WebSocketServer({ server, maxPayload: LARGEST_MESSAGE });
  sockets.on("connection", (socket) => {
    const { clock, settings } = venue;
    const connection = new Connection({ socket, stream, clock, faults });
    feed.connections.add(connection);
    const tooLate = clock.after(settings.subscribeWithinMs, () => connection.close(1000));
    let work = Promise.resolve();
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      tooLate();
      feed.connections.delete(connection);
    });
    socket.on("message", (data) => {
      work = work
        .then(async () => {
          if (await obey(parts, connection, data)) tooLate();
        })
        .catch((error: unknown) => fail(socket, error));
    });
  });
  return sockets;
}

function fail(socket: WebSocket, error: unknown): void {
  console.error("the exchange failed to handle a socket message", error);
  socket.close(1011);
}

/** @returns whether the message was a subscription that is now in force. */
async function obey(parts: SocketParts, connection: Connection, data: RawData): Promise<boolean> {
  const message = read(data, parts.stream);
  if (message === null || !(await admitted(parts, message))) {
    connection.sendError("authentication failure");
    return false;
  }
  if (message.type === "unsubscribe") unsubscribe(connection, message);
  else subscribe(parts, connection, message);
  acknowledge(parts, connection);
  return connection.subscriptions.size > 0;
}

/** Null for anything unknown; the live service calls that an authentication failure too. */
function read(data: RawData, stream: Stream): Message | null {
  let message: unknown;
  try {
    message = JSON.parse(String(data));
  } catch {
    return null;
  }
  if (typeof message !== "object" || message === null) return null;
  const { type, channel, product_ids: ids, jwt } = message as Record<string, unknown>;
  if (type !== "subscribe" && type !== "unsubscribe") return null;
  if (typeof channel !== "string" || !CHANNELS[stream].includes(channel)) return null;
  const names = Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  const token = typeof jwt === "string" && jwt !== "" ? jwt : null;
  return { type, channel: channel as Channel, names, token };
}

/** Only the user channel needs a token; a token that is there must be good everywhere. */
async function admitted(
  { gatekeeper }: SocketParts,
  { token, channel }: Message,
): Promise<boolean> {
  if (token === null) return channel !== "user";
  const key = await gatekeeper.verify(token, null);
  return key?.permissions.has("view") ?? false;
}

function subscribe(parts: SocketParts, connection: Connection, { channel, names }: Message): void {
  const { feed } = parts;
  const known = names.filter((name) => feed.bookOf(name) !== undefined);
  const needsNames = channel !== "heartbeats" && channel !== "user";
  if (known.length === 0 && (needsNames || names.length > 0)) return;
  const has = connection.subscriptions.get(channel);
  const all = channel === "heartbeats" || known.length === 0 || has?.size === 0;
  const together = all ? [] : [...(has ?? []), ...known];
  connection.subscriptions.set(channel, new Set(together));
  feed.snapshot(connection, channel, channel === "user" ? together : known);
}

function unsubscribe(connection: Connection, { channel, names }: Message): void {
  const has = connection.subscriptions.get(channel);
  for (const name of names) has?.delete(name);
  if (names.length === 0 || has?.size === 0) connection.subscriptions.delete(channel);
}

/** The whole set of the connection, under the names it subscribed. */
function acknowledge({ venue }: SocketParts, connection: Connection): void {
  const subscriptions: Record<string, readonly string[]> = {};
  for (const [channel, names] of connection.subscriptions) {
    if (channel === "user") subscriptions[channel] = [venue.identity.user];
    else subscriptions[channel] = channel === "heartbeats" ? ["heartbeats"] : [...names];
  }
  connection.send("subscriptions", JSON.stringify([{ subscriptions }]));
}
