/** One WebSocket connection: its subscriptions and its own sequence of frames. */
// Numbers count every frame of the connection, whatever the channel; a lost frame still uses its
// number.
import type { WebSocket } from "ws";
import type { Clock } from "../clock.ts";
import type { Faults, Stream } from "../faults.ts";
import { nanos } from "../serialise/time.ts";

export type Channel = "heartbeats" | "ticker" | "level2" | "market_trades" | "candles" | "user";

/** Live frames of these two channels still carry an empty client id. */
const WITH_CLIENT_ID: ReadonlySet<string> = new Set(["l2_data", "user"]);

/** A client that reads so slowly is cut off. */
const MOST_BUFFERED = 16 * 1024 * 1024;

export interface ConnectionParts {
  readonly socket: WebSocket;
  readonly stream: Stream;
  readonly clock: Clock;
  readonly faults: Faults;
}

export class Connection {
  readonly stream: Stream;
  /** Subscribed names by channel: product ids, or nothing for a channel without any. */
  readonly subscriptions = new Map<Channel, Set<string>>();
  /** When something was last sent, in milliseconds. */
  lastSentAt: number;
  readonly #parts: ConnectionParts;
  #sequence = 0;

  constructor(parts: ConnectionParts) {
    this.stream = parts.stream;
    this.#parts = parts;
    this.lastSentAt = parts.clock.now();
  }

  /** `events` is the JSON text of the frame's list of events. */
  send(channel: string, events: string): void {
    const { clock, faults, socket } = this.#parts;
    const now = clock.now();
    const head = JSON.stringify({
      channel,
      ...(WITH_CLIENT_ID.has(channel) ? { client_id: "" } : {}),
      timestamp: nanos(now),
      sequence_num: this.#sequence,
    });
    this.#sequence += 1;
    this.lastSentAt = now;
    if (faults.losesFrame(this.stream) || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MOST_BUFFERED) return socket.terminate();
    socket.send(`${head.slice(0, -1)},"events":${events}}`);
  }

  /** Error frames have no envelope and no number. */
  sendError(message: string): void {
    const { socket } = this.#parts;
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ type: "error", message }));
  }

  close(code: number): void {
    if (code === 1006) this.#parts.socket.terminate();
    else this.#parts.socket.close(code);
  }

  /**
   * Is the connection subscribed to a channel for this name (a channel without names takes all)?
   */
  wants(channel: Channel, matches: (name: string) => boolean): boolean {
    const names = this.subscriptions.get(channel);
    return names !== undefined && (names.size === 0 || [...names].some(matches));
  }
}
