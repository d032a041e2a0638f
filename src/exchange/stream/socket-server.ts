/** Accepts WebSocket connections and obeys their subscribe and unsubscribe messages. */
// It handles one message of a connection after the other; what is streamed is the feed's business.
import type { IncomingMessage, Server } from "node:http";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Gatekeeper } from "../auth.ts";
import type { Stream } from "../faults.ts";
import type { Limits } from "../limits.ts";
import type { Venue } from "../venue.ts";
import { type Channel, Connection } from "./connection.ts";
import type { Feed } from "./feed.ts";
import type { FrameFaults } from "./frame-faults.ts";
import { type Message, needsToken, readMessage } from "./message.ts";

export interface SocketParts {
  readonly server: Server;
  readonly stream: Stream;
  readonly venue: Venue;
  readonly feed: Feed;
  readonly gatekeeper: Gatekeeper;
  readonly faults: FrameFaults;
  readonly limits: Limits;
}

const LARGEST_MESSAGE = 1_000_000;
const ALONE: ReadonlySet<Channel> = new Set(["heartbeats", "user", "futures_balance_summary"]);

/** Serves one of the two sockets on an HTTP server that listens elsewhere. */
export function serveSockets(parts: SocketParts): WebSocketServer {
  const { server, stream, venue, feed, faults } = parts;
  const sockets = new WebSocketServer({
    server,
    maxPayload: LARGEST_MESSAGE,
    verifyClient: ({ req }: { readonly req: IncomingMessage }, answer) => {
      const status = refusal(parts, req);
      if (status === null) answer(true);
      else answer(false, status);
    },
  });
  sockets.on("connection", (socket, request) => {
    const { clock, settings } = venue;
    const dress = settings.frames;
    const address = request.socket.remoteAddress ?? "";
    const connection = new Connection({ socket, stream, clock, faults, dress, address });
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

/** The status with which a socket is turned away while opening, or null. */
function refusal({ faults, limits, venue }: SocketParts, request: IncomingMessage): number | null {
  if (venue.settings.sandbox) return 404;
  if (faults.nextRefusal()) return 503;
  const { rates } = limits;
  if (rates === null) return null;
  const { remoteAddress } = request.socket;
  return limits.take(`sockets ${remoteAddress}`, rates.sockets).allowed ? null : 429;
}

function fail(socket: WebSocket, error: unknown): void {
  console.error("the exchange failed to handle a socket message", error);
  socket.close(1011);
}

/** @returns whether the message was a subscription that is now in force. */
async function obey(parts: SocketParts, connection: Connection, data: RawData): Promise<boolean> {
  const message = readMessage(String(data), parts.stream);
  if (!mayAsk(parts, connection, message)) {
    connection.sendError("rate limit exceeded");
    return false;
  }
  if (message === null || !(await admitted(parts, message))) {
    connection.sendError("authentication failure");
    return false;
  }
  if (message.type === "unsubscribe") {
    unsubscribe(connection, message);
    acknowledge(parts, connection);
  } else {
    const first = subscribe(parts, connection, message);
    const { ackFirst } = parts.venue.settings.frames;
    if (!ackFirst) first();
    acknowledge(parts, connection);
    if (ackFirst) first();
  }
  return connection.subscriptions.size > 0;
}

/** Messages without a token are counted by address. */
function mayAsk(
  { limits }: SocketParts,
  { address }: Connection,
  message: Message | null,
): boolean {
  const { rates } = limits;
  if (rates === null || (message !== null && message.token !== null)) return true;
  return limits.take(`messages ${address}`, rates.messages).allowed;
}

/** Only some channels need a token; a token that is there must be good everywhere. */
async function admitted(
  { gatekeeper }: SocketParts,
  { token, channel }: Message,
): Promise<boolean> {
  if (token === null) return !needsToken(channel);
  const key = await gatekeeper.verify(token, null);
  return key?.permissions.has("view") ?? false;
}

/** @returns what sends the first frames of the new subscription. */
function subscribe(
  { feed }: SocketParts,
  connection: Connection,
  { channel, names }: Message,
): () => void {
  const known = names.filter((name) => feed.knows(name));
  const needsNames = !ALONE.has(channel) && channel !== "status";
  if (known.length === 0 && (needsNames || (names.length > 0 && channel !== "heartbeats"))) {
    return () => {};
  }
  const has = connection.subscriptions.get(channel);
  const all = channel === "heartbeats" || known.length === 0 || has?.size === 0;
  const together = all ? [] : [...(has ?? []), ...known];
  connection.subscriptions.set(channel, new Set(together));
  return () => feed.snapshot(connection, channel, channel === "user" ? together : known);
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
    if (channel === "heartbeats") subscriptions[channel] = ["heartbeats"];
    else if (ALONE.has(channel)) subscriptions[channel] = [venue.identity.user];
    else subscriptions[channel] = names.size === 0 ? [...venue.catalog.keys()] : [...names];
  }
  connection.send("subscriptions", JSON.stringify([{ subscriptions }]));
}
