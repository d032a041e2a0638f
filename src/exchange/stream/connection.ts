/** One WebSocket connection: its subscriptions and its own sequence of frames. */
// Numbers count every frame of the connection, whatever the channel; a lost frame still uses its
// number.
import type { WebSocket } from "ws";
import type { OwnedClock } from "../clock.ts";
import type { Stream } from "../faults.ts";
import type { FrameDress } from "../options.ts";
import { nanos } from "../serialise/time.ts";
import type { FrameFaults } from "./frame-faults.ts";

export type Channel =
  | "heartbeats"
  | "ticker"
  | "ticker_batch"
  | "level2"
  | "market_trades"
  | "candles"
  | "status"
  | "user"
  | "futures_balance_summary";

/** Live frames of these channels still carry an empty client id. */
const WITH_CLIENT_ID: ReadonlySet<string> = new Set(["l2_data", "user", "futures_balance_summary"]);

/** A client that reads so slowly is cut off. */
const MOST_BUFFERED = 16 * 1024 * 1024;

export interface ConnectionParts {
  readonly socket: WebSocket;
  readonly stream: Stream;
  readonly clock: OwnedClock;
  readonly faults: FrameFaults;
  readonly dress: FrameDress;
  /** Where it comes from. */
  readonly address: string;
}

export class Connection {
  readonly stream: Stream;
  readonly address: string;
  /** Subscribed names by channel: product ids, or nothing for a channel without any. */
  readonly subscriptions = new Map<Channel, Set<string>>();
  /** When something was last sent, on the steady clock. */
  lastSentAt: number;
  readonly #parts: ConnectionParts;
  #sequence = 0;
  /** A frame that waits for the one after it. */
  #held: string | null = null;

  constructor(parts: ConnectionParts) {
    this.stream = parts.stream;
    this.address = parts.address;
    this.#parts = parts;
    this.lastSentAt = parts.clock.steady();
  }

  /** `events` is the JSON text of the frame's list of events. */
  send(channel: string, events: string): void {
    const { clock, faults, dress, socket } = this.#parts;
    const head = JSON.stringify({
      channel,
      ...(dress.clientIdAlways || WITH_CLIENT_ID.has(channel) ? { client_id: "" } : {}),
      timestamp: nanos(clock.now()),
      sequence_num: this.#sequence,
    });
    this.#sequence += 1;
    this.lastSentAt = clock.steady();
    const fate = faults.fateOf(this.stream, channel, this.#held === null);
    if (fate === "drop" || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MOST_BUFFERED) return socket.terminate();
    const frame = `${head.slice(0, -1)},"events":${events}}`;
    const held = this.#held;
    this.#held = fate === "swap" ? frame : null;
    if (fate !== "swap") socket.send(frame);
    if (fate === "duplicate") socket.send(frame);
    if (held !== null) socket.send(held);
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
