/** A market at the far end of scripted sockets: one book, rising trades, its own truth, and every way of ending a connection. */
// It keeps sequence numbers per connection and speaks only frames of the venue's shape.
import type { Random } from "../../src/core/kernel/random.ts";
import {
  acknowledged,
  beat,
  CHANNELS,
  type LevelRow,
  levels,
} from "../adapters/coinbase/stream-rig.ts";
import { type FakeSocket, frame } from "../adapters/coinbase/world.ts";

const SNAPSHOT_TRADES = 50;
const STEPS = 8;
const ENTER = "subscribe level2";

export const ENDINGS = [
  "closed",
  "gap",
  "error frame",
  "numbers anew",
  "not JSON, then a gap",
] as const;

/** What puts the book in doubt on a connection that lives on. */
export const SPOILS: readonly LevelRow[] = [
  ["bid", "1000", "1"],
  ["bid", "none", "1"],
];

export class ScriptedMarket {
  readonly #random: Random;
  readonly #book = new Map<string, string>();
  #trades = 0;
  #beats = 0;
  #sequence = 0;
  #socket: FakeSocket | null = null;

  constructor(random: Random) {
    this.#random = random;
    for (let i = 0; i < STEPS * 2; i += 1) this.#move();
  }

  /** How many trades there have been; their ids count from 1. */
  get trades(): number {
    return this.#trades;
  }

  /** Best first. */
  side(side: "bid" | "offer"): readonly (readonly [price: string, quantity: string])[] {
    const sign = side === "bid" ? -1 : 1;
    return [...this.#book]
      .filter(([key]) => key.startsWith(side))
      .map(([key, quantity]) => [key.slice(side.length), quantity] as const)
      .sort(([a], [b]) => sign * (Number(a) - Number(b)));
  }

  /** Begins a connection; it may be cut off anywhere in its first frames. */
  greet(socket: FakeSocket, frames = Number.POSITIVE_INFINITY): void {
    this.#socket = socket;
    this.#sequence = 0;
    const first = Array.from(
      { length: Math.min(this.#trades, SNAPSHOT_TRADES) },
      (_, i) => this.#trades - i,
    );
    const says = [
      () => this.#tellBook(),
      () => this.#say((n) => acknowledged(n, ...CHANNELS)),
      () => this.#tellTrades(first),
      () => this.beat(),
    ];
    for (const say of says.slice(0, frames)) say();
  }

  /** Says once what cannot be so. */
  spoil(row: LevelRow): void {
    this.#say((n) => frame(n, "l2_data", levels("update", "BTC-USD", [row])));
  }

  /** Answers a book's channel being entered again. @returns whether it was */
  answer(): boolean {
    const sent = this.#socket?.sent.splice(0).map((text) => JSON.parse(text)) ?? [];
    const left = sent.findIndex(({ type }) => type === "unsubscribe");
    if (!sent.some(({ type, channel }, i) => i > left && `${type} ${channel}` === ENTER))
      return false;
    this.#tellBook();
    this.#say((n) => acknowledged(n, ...CHANNELS));
    return true;
  }

  #tellBook(): void {
    const rows = [...this.#book].map(([key, quantity]): LevelRow => {
      const side = key.startsWith("bid") ? "bid" : "offer";
      return [side, key.slice(side.length), quantity];
    });
    this.#say((n) => frame(n, "l2_data", levels("snapshot", "BTC-USD", rows)));
  }

  beat(): void {
    this.#beats += 1;
    const counter = this.#beats;
    this.#say((n) => frame(n, "heartbeats", { heartbeat_counter: String(counter) }));
  }

  /** Something happens, whether or not anybody is connected. */
  happen(): void {
    const what = this.#random.next();
    if (what < 0.6) {
      const row = this.#move();
      this.#say((n) => frame(n, "l2_data", levels("update", "BTC-USD", [row])));
    } else if (what < 0.8) {
      this.#trades += 1;
      this.#tellTrades([this.#trades]);
    } else if (what < 0.9) {
      // Said again under the number it had.
      const last = this.#last;
      if (last !== null) this.#socket?.handlers.message(last);
    } else this.beat();
  }

  end(how: (typeof ENDINGS)[number]): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#last = null;
    const say = (text: string): void => socket?.handlers.message(text);
    if (how === "closed") socket?.handlers.close(1006, "");
    if (how === "error frame")
      say(JSON.stringify({ type: "error", message: "rate limit exceeded" }));
    if (how === "not JSON, then a gap") say("{");
    if (how === "gap" || how === "not JSON, then a gap") say(beat(this.#sequence + 1));
    if (how === "numbers anew") {
      say(beat(this.#sequence));
      say(beat(0));
    }
  }

  #last: string | null = null;

  #say(make: (sequence: number) => string): void {
    if (this.#socket === null) return;
    this.#last = make(this.#sequence);
    this.#sequence += 1;
    this.#socket.handlers.message(this.#last);
  }

  #tellTrades(ids: readonly number[]): void {
    const trades = ids.map((id) => ({
      trade_id: String(id),
      product_id: "BTC-USD",
      price: "100",
      size: "1",
      time: new Date(1_788_824_242_000 + id).toISOString(),
    }));
    this.#say((n) => frame(n, "market_trades", { type: "update", trades }));
  }

  /** One level changes; bids stay at most 99, offers at least 101. */
  #move(): LevelRow {
    const side = this.#random.next() < 0.5 ? "bid" : "offer";
    const away = this.#random.between(0, STEPS);
    const price = String(side === "bid" ? 99 - away : 101 + away);
    const quantity = this.#random.next() < 0.3 ? "0" : String(this.#random.between(1, 500) / 100);
    if (quantity === "0") this.#book.delete(`${side}${price}`);
    else this.#book.set(`${side}${price}`, quantity);
    return [side, price, quantity];
  }
}
