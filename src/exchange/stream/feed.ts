/** Carries what happens in the market and to orders to the connections that asked for it. */
// User frames wait until what caused them has been answered; market frames go at once.
import type { Order } from "../ledger-events.ts";
import type { Change } from "../market/market.ts";
import type { Venue } from "../venue.ts";
import type { Channel, Connection } from "./connection.ts";
import {
  type At,
  allLevels,
  candlesEvent,
  heartbeatEvent,
  levelsEvent,
  recentTrades,
  tickerEvent,
  tradesEvent,
} from "./market-frames.ts";
import { snapshotBatches, userEvent } from "./user-frames.ts";

/** The server process seems to have run for a day and a half already. */
const UP_SECONDS = 139_651;
const SECOND_MS = 1000;

export class Feed {
  readonly connections = new Set<Connection>();
  readonly #venue: Venue;
  readonly #waiting: Order[] = [];
  readonly #traded = new Set<string>();
  readonly #startedAt: number;

  constructor(venue: Venue) {
    this.#venue = venue;
    this.#startedAt = venue.clock.now();
    venue.market.listen((change) => this.#onChange(change));
    venue.engine.watch((order) => this.#onOrder(order));
    venue.clock.every(SECOND_MS, () => this.#onSecond());
  }

  /** The book that a subscribed name stands for. */
  bookOf(name: string): string | undefined {
    return this.#venue.catalog.get(name)?.book;
  }

  /** What a channel sends first, for the names newly subscribed. */
  snapshot(connection: Connection, channel: Channel, names: readonly string[]): void {
    const at = this.#at();
    const books = new Set(names.map((name) => this.bookOf(name) ?? name));
    if (channel === "heartbeats") return;
    if (channel === "user") return this.#userSnapshot(connection, names);
    for (const book of books) {
      if (channel === "level2") {
        const levels = allLevels(at, book);
        send(connection, "l2_data", levelsEvent("snapshot", book, { levels, at: at.now }));
      } else if (channel === "ticker") {
        if (at.market.last(book) > 0n) {
          send(connection, "ticker", tickerEvent("snapshot", book, at));
        }
      } else if (channel === "market_trades") {
        const trades = recentTrades(at, book);
        send(connection, "market_trades", tradesEvent("snapshot", book, trades));
      } else {
        send(connection, "candles", candlesEvent("snapshot", book, at));
      }
    }
  }

  #userSnapshot(connection: Connection, names: readonly string[]): void {
    this.#flush();
    const orders = this.#venue.ledger.open.filter(
      (order) => names.length === 0 || names.includes(order.productId),
    );
    for (const [index, batch] of snapshotBatches(orders).entries()) {
      const type = index === 0 ? "snapshot" : "update";
      send(connection, "user", userEvent(type, batch, this.#venue.identity));
    }
  }

  #at(): At {
    return { market: this.#venue.market, now: this.#venue.clock.now() };
  }

  #onChange({ book, trades, levels }: Change): void {
    const at = this.#at();
    if (trades.length > 0) this.#traded.add(book);
    if (levels.length > 0) {
      this.#spread("level2", "l2_data", book, () =>
        levelsEvent("update", book, { levels, at: at.now }),
      );
    }
    if (trades.length === 0) return;
    this.#spread("market_trades", "market_trades", book, () => tradesEvent("update", book, trades));
    this.#spread("ticker", "ticker", book, () => tickerEvent("update", book, at));
  }

  #onOrder(order: Order): void {
    this.#waiting.push(order);
    if (this.#waiting.length === 1) this.#venue.clock.soon(() => this.#flush());
  }

  #flush(): void {
    for (const order of this.#waiting.splice(0)) {
      const event = JSON.stringify([userEvent("update", [order], this.#venue.identity)]);
      for (const connection of this.connections) {
        if (connection.wants("user", (name) => name === order.productId)) {
          connection.send("user", event);
        }
      }
    }
  }

  #onSecond(): void {
    const at = this.#at();
    const up = UP_SECONDS + Math.floor((at.now - this.#startedAt) / SECOND_MS);
    for (const book of this.#traded) {
      this.#spread("candles", "candles", book, () => candlesEvent("update", book, at));
    }
    this.#traded.clear();
    for (const connection of this.connections) {
      if (connection.wants("heartbeats", () => true)) {
        send(connection, "heartbeats", heartbeatEvent(at.now, up));
      }
      if (at.now - connection.lastSentAt > this.#venue.settings.idleCloseMs) connection.close(1000);
    }
  }

  /**
   * Sends one event to everyone who subscribed this channel for this book; makes it only if
   * somebody did.
   */
  #spread(channel: Channel, frame: string, book: string, make: () => unknown): void {
    let text: string | undefined;
    for (const connection of this.connections) {
      if (!connection.wants(channel, (name) => this.bookOf(name) === book)) continue;
      text ??= JSON.stringify([make()]);
      connection.send(frame, text);
    }
  }
}

const send = (connection: Connection, frame: string, event: unknown): void =>
  connection.send(frame, JSON.stringify([event]));
