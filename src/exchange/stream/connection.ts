/** One WebSocket connection: its subscriptions and its own sequence of frames. */
// Numbers count every frame of the connection, whatever the channel; a lost frame still uses its
// number.
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

/** What carries the frames of one connection to the client. */
export interface Line {
  /** False once either side has said goodbye. */
  readonly open: boolean;
  /** Bytes that the client has not taken yet. */
  readonly waiting: number;
  send(text: string): void;
  /** Says goodbye; what was sent before still arrives. */
  close(code: number): void;
  /** Ends it without a goodbye. */
  cut(): void;
}

export interface ConnectionParts {
  readonly line: Line;
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
    const { clock, faults, dress, line } = this.#parts;
    const head = JSON.stringify({
      channel,
      ...(dress.clientIdAlways || WITH_CLIENT_ID.has(channel) ? { client_id: "" } : {}),
      timestamp: nanos(clock.now()),
      sequence_num: this.#sequence,
    });
    this.#sequence += 1;
    this.lastSentAt = clock.steady();
    const fate = faults.fateOf(this.stream, channel, this.#held === null);
    if (fate === "drop" || !line.open) return;
    if (line.waiting > MOST_BUFFERED) return line.cut();
    const frame = `${head.slice(0, -1)},"events":${events}}`;
    const held = this.#held;
    this.#held = fate === "swap" ? frame : null;
    if (fate !== "swap") line.send(frame);
    if (fate === "duplicate") line.send(frame);
    if (held !== null) line.send(held);
  }

  /** Error frames have no envelope and no number. */
  sendError(message: string): void {
    const { line } = this.#parts;
    if (line.open) line.send(JSON.stringify({ type: "error", message }));
  }

  close(code: number): void {
    const { line } = this.#parts;
    if (code === 1006) line.cut();
    else if (line.open) line.close(code);
  }

  /**
   * Is the connection subscribed to a channel for this name (a channel without names takes all)?
   */
  wants(channel: Channel, matches: (name: string) => boolean): boolean {
    const names = this.subscriptions.get(channel);
    return names !== undefined && (names.size === 0 || [...names].some(matches));
  }
}
