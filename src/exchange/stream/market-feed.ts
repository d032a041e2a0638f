/** The market channels: what each says first, and what it says when something changes. */
// Changes of books and trades go out at once, or gathered when the settings say so.
import type { Change, LevelChange } from "../market/market.ts";
import type { Trade } from "../market/tape.ts";
import type { Venue } from "../venue.ts";
import type { Channel, Connection } from "./connection.ts";
import {
  type At,
  allLevels,
  candlesEvent,
  levelsEvent,
  recentTrades,
  slowTickerEvent,
  statusEvent,
  tickerEvent,
  tradesEvent,
} from "./market-frames.ts";
import { send, spread } from "./spread.ts";

export class MarketFeed {
  readonly #venue: Venue;
  readonly #connections: ReadonlySet<Connection>;
  readonly #levels = new Map<string, Map<string, LevelChange>>();
  readonly #trades = new Map<string, Trade[]>();
  readonly #tradedThisSecond = new Set<string>();
  readonly #tradedOfLate = new Set<string>();

  constructor(venue: Venue, connections: ReadonlySet<Connection>) {
    this.#venue = venue;
    this.#connections = connections;
    const { level2BatchMs, tradesBatchMs } = venue.settings.frames;
    venue.market.listen((change) => this.#onChange(change));
    if (level2BatchMs > 0) venue.clock.every(level2BatchMs, () => this.#flushLevels());
    if (tradesBatchMs > 0) venue.clock.every(tradesBatchMs, () => this.#flushTrades());
  }

  /** The book that a subscribed name stands for. */
  readonly bookOf = (name: string): string | undefined => this.#venue.catalog.get(name)?.book;

  /** What a channel says first, for the names newly subscribed. */
  snapshot(connection: Connection, channel: Channel, names: readonly string[]): void {
    this.#flushLevels();
    this.#flushTrades();
    if (channel === "status") return this.#status(connection, "snapshot", names);
    const at = this.#at();
    for (const book of new Set(names.map((name) => this.bookOf(name) ?? name))) {
      const traded = at.market.last(book) > 0n;
      if (channel === "level2") {
        const levels = allLevels(at, book);
        send(connection, "l2_data", levelsEvent("snapshot", book, { levels, at: at.now }));
      } else if (channel === "market_trades") {
        send(connection, channel, tradesEvent("snapshot", book, recentTrades(at, book)));
      } else if (channel === "candles") {
        send(connection, channel, candlesEvent("snapshot", book, at));
      } else if (traded && channel === "ticker") {
        send(connection, channel, tickerEvent("snapshot", book, at));
      } else if (traded && channel === "ticker_batch") {
        send(connection, channel, slowTickerEvent("snapshot", book, at));
      }
    }
  }

  /** Candles of the books that have traded. */
  onSecond(): void {
    const at = this.#at();
    for (const book of this.#tradedThisSecond) {
      this.#tell("candles", book, () => candlesEvent("update", book, at));
    }
    this.#tradedThisSecond.clear();
  }

  onFiveSeconds(): void {
    const at = this.#at();
    for (const book of this.#tradedOfLate) {
      this.#tell("ticker_batch", book, () => slowTickerEvent("update", book, at));
    }
    this.#tradedOfLate.clear();
    for (const connection of this.#connections) {
      const names = connection.subscriptions.get("status");
      if (names !== undefined) this.#status(connection, "update", [...names]);
    }
  }

  #at(): At {
    return { market: this.#venue.market, now: this.#venue.clock.now() };
  }

  #onChange({ book, trades, levels }: Change): void {
    const { level2BatchMs, tradesBatchMs } = this.#venue.settings.frames;
    const waiting = this.#levels.get(book) ?? new Map<string, LevelChange>();
    for (const level of levels) waiting.set(`${level.side}${level.price}`, level);
    this.#levels.set(book, waiting);
    if (level2BatchMs === 0) this.#flushLevels();
    if (trades.length === 0) return;
    this.#tradedThisSecond.add(book);
    this.#tradedOfLate.add(book);
    this.#trades.set(book, [...(this.#trades.get(book) ?? []), ...trades]);
    if (tradesBatchMs === 0) this.#flushTrades();
    const at = this.#at();
    this.#tell("ticker", book, () => tickerEvent("update", book, at));
  }

  #flushLevels(): void {
    const { now: at } = this.#at();
    const told = [...this.#levels]
      .filter(([, levels]) => levels.size > 0)
      .map(([about, levels]) => ({
        about,
        make: () => levelsEvent("update", about, { levels: [...levels.values()], at }),
      }));
    this.#levels.clear();
    const frame = { channel: "level2", name: "l2_data", means: this.bookOf } as const;
    spread(this.#connections, frame, told);
  }

  #flushTrades(): void {
    const told = [...this.#trades].map(([about, trades]) => ({
      about,
      make: () => tradesEvent("update", about, trades),
    }));
    this.#trades.clear();
    spread(this.#connections, { channel: "market_trades", means: this.bookOf }, told);
  }

  #tell(channel: Channel, about: string, make: () => unknown): void {
    spread(this.#connections, { channel, means: this.bookOf }, [{ about, make }]);
  }

  /** Products under their own names; all of them when none is named. */
  #status(connection: Connection, type: "snapshot" | "update", names: readonly string[]): void {
    const all = [...this.#venue.catalog.values()];
    const products = all.filter(({ id }) => names.length === 0 || names.includes(id));
    send(connection, "status", statusEvent(type, products));
  }
}
