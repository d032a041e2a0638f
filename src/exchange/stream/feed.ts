/** Carries what happens in the market and to orders to the connections that asked for it. */
// The beat of the sockets is here: heartbeats, slow channels, and the end of idle connections.
import type { Venue } from "../venue.ts";
import type { Channel, Connection } from "./connection.ts";
import type { FrameFaults } from "./frame-faults.ts";
import { MarketFeed } from "./market-feed.ts";
import { heartbeatEvent } from "./market-frames.ts";
import { send } from "./spread.ts";
import { UserFeed } from "./user-feed.ts";
import { futuresEvent } from "./user-frames.ts";

/** The server process seems to have run for a day and a half already. */
const UP_SECONDS = 139_651;
const SECOND_MS = 1000;

export class Feed {
  readonly connections = new Set<Connection>();
  readonly #venue: Venue;
  readonly #market: MarketFeed;
  readonly #user: UserFeed;
  readonly #startedAt: number;

  constructor(venue: Venue, faults: FrameFaults) {
    this.#venue = venue;
    this.#market = new MarketFeed(venue, this.connections);
    this.#user = new UserFeed(venue, this.connections, faults);
    this.#startedAt = venue.clock.steady();
    venue.clock.every(SECOND_MS, () => this.#onSecond());
    venue.clock.every(5 * SECOND_MS, () => this.#market.onFiveSeconds());
  }

  /** Is it the name of a product? */
  knows(name: string): boolean {
    return this.#venue.catalog.has(name);
  }

  /** What a channel sends first, for the names newly subscribed. */
  snapshot(connection: Connection, channel: Channel, names: readonly string[]): void {
    if (channel === "heartbeats") return;
    if (channel === "user") return this.#user.snapshot(connection, names);
    if (channel === "futures_balance_summary") {
      return send(connection, channel, futuresEvent("snapshot"));
    }
    this.#market.snapshot(connection, channel, names);
  }

  #onSecond(): void {
    const { clock, settings } = this.#venue;
    const up = UP_SECONDS + Math.floor((clock.steady() - this.#startedAt) / SECOND_MS);
    this.#market.onSecond();
    for (const connection of this.connections) {
      if (connection.wants("heartbeats", () => true)) {
        const { numericHeartbeats } = settings.frames;
        send(connection, "heartbeats", heartbeatEvent(clock.now(), up, numericHeartbeats));
      }
      if (clock.steady() - connection.lastSentAt > settings.idleCloseMs) connection.close(1000);
    }
  }
}
