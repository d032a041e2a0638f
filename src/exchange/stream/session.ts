/** One conversation on a socket: it obeys subscribe and unsubscribe messages, one after the other. */
// It knows no server and no bytes; what is streamed is the feed's business.
import type { Gatekeeper } from "../auth.ts";
import type { Stream } from "../faults.ts";
import type { Limits } from "../limits.ts";
import type { Venue } from "../venue.ts";
import { type Channel, Connection, type Line } from "./connection.ts";
import type { Feed } from "./feed.ts";
import type { FrameFaults } from "./frame-faults.ts";
import { type Message, needsToken, readMessage } from "./message.ts";

export interface SessionParts {
  readonly stream: Stream;
  readonly venue: Venue;
  readonly feed: Feed;
  readonly gatekeeper: Gatekeeper;
  readonly faults: FrameFaults;
  readonly limits: Limits;
}

export interface Session {
  /** A message has come. */
  hear(text: string): void;
  /** The line is down, whoever ended it. */
  ended(): void;
}

/** Bytes of a client's message. A longer one ends the connection with 1009. */
export const LARGEST_MESSAGE = 1_000_000;
const ALONE: ReadonlySet<Channel> = new Set(["heartbeats", "user", "futures_balance_summary"]);

/** The HTTP status with which a socket is turned away while opening, or null. */
export function refusal({ faults, limits, venue }: SessionParts, address: string): number | null {
  if (venue.settings.sandbox) return 404;
  if (faults.nextRefusal()) return 503;
  const { rates } = limits;
  if (rates === null) return null;
  return limits.take(`sockets ${address}`, rates.sockets).allowed ? null : 429;
}

/** The client at `address` has connected. */
export function openSession(parts: SessionParts, line: Line, address: string): Session {
  const { venue, feed, faults, stream } = parts;
  const { clock, settings } = venue;
  const dress = settings.frames;
  const connection = new Connection({ line, stream, clock, faults, dress, address });
  feed.connections.add(connection);
  const tooLate = clock.after(settings.subscribeWithinMs, () => connection.close(1000));
  let work = Promise.resolve();
  return {
    hear: (text) => {
      work = work
        .then(async () => {
          if (await obey(parts, connection, text)) tooLate();
        })
        .catch((error: unknown) => {
          console.error("the exchange failed to handle a socket message", error);
          connection.close(1011);
        });
    },
    ended: () => {
      tooLate();
      feed.connections.delete(connection);
    },
  };
}

/** @returns whether the message was a subscription that is now in force. */
async function obey(parts: SessionParts, connection: Connection, text: string): Promise<boolean> {
  const message = readMessage(text, parts.stream);
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
  { limits }: SessionParts,
  { address }: Connection,
  message: Message | null,
): boolean {
  const { rates } = limits;
  if (rates === null || (message !== null && message.token !== null)) return true;
  return limits.take(`messages ${address}`, rates.messages).allowed;
}

/** Only some channels need a token; a token that is there must be good everywhere. */
async function admitted(
  { gatekeeper }: SessionParts,
  { token, channel }: Message,
): Promise<boolean> {
  if (token === null) return !needsToken(channel);
  const key = await gatekeeper.verify(token, null);
  return key?.permissions.has("view") ?? false;
}

/** @returns what sends the first frames of the new subscription. */
function subscribe(
  { feed }: SessionParts,
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
function acknowledge({ venue }: SessionParts, connection: Connection): void {
  const subscriptions: Record<string, readonly string[]> = {};
  for (const [channel, names] of connection.subscriptions) {
    if (channel === "heartbeats") subscriptions[channel] = ["heartbeats"];
    else if (ALONE.has(channel)) subscriptions[channel] = [venue.identity.user];
    else subscriptions[channel] = names.size === 0 ? [...venue.catalog.keys()] : [...names];
  }
  connection.send("subscriptions", JSON.stringify([{ subscriptions }]));
}
