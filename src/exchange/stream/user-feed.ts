/** The user channel: a snapshot of the open orders, then every step of every order. */
// Steps wait until what caused them has been answered, or longer when the channel lags.
import { isTerminal, type Order } from "../ledger-events.ts";
import type { Venue } from "../venue.ts";
import type { Connection } from "./connection.ts";
import type { FrameFaults } from "./frame-faults.ts";
import { send, spread } from "./spread.ts";
import { snapshotBatches, userEvent } from "./user-frames.ts";

interface Waiting {
  readonly order: Order;
  readonly due: number;
}

export class UserFeed {
  readonly #venue: Venue;
  readonly #connections: ReadonlySet<Connection>;
  readonly #faults: FrameFaults;
  readonly #waiting: Waiting[] = [];
  /** The latest step of each order that is not over, for those who want it told again too late. */
  readonly #earlier = new Map<string, Order>();
  #lastDue = 0;

  constructor(venue: Venue, connections: ReadonlySet<Connection>, faults: FrameFaults) {
    this.#venue = venue;
    this.#connections = connections;
    this.#faults = faults;
    venue.engine.watch((order) => this.#onOrder(order));
  }

  snapshot(connection: Connection, names: readonly string[]): void {
    this.#flush();
    const orders = this.#venue.ledger.open.filter(
      (order) => names.length === 0 || names.includes(order.productId),
    );
    for (const [index, batch] of snapshotBatches(orders).entries()) {
      const type = index === 0 ? "snapshot" : "update";
      send(connection, "user", userEvent(type, batch, this.#venue.identity));
    }
  }

  #onOrder(order: Order): void {
    this.#queue(order);
    const earlier = this.#earlier.get(order.orderId);
    if (!isTerminal(order.status)) {
      this.#earlier.set(order.orderId, order);
    } else if (earlier !== undefined && order.hold === 0n) {
      this.#earlier.delete(order.orderId);
      if (this.#faults.nextStale()) this.#queue(earlier);
    }
  }

  #queue(order: Order): void {
    const { clock, lags } = this.#venue;
    const due = Math.max(this.#lastDue, clock.steady() + lags.userMs);
    this.#lastDue = due;
    this.#waiting.push({ order, due });
    if (due > clock.steady()) clock.after(due - clock.steady(), () => this.#flush(due));
    else if (this.#waiting.length === 1) clock.soon(() => this.#flush());
  }

  /** Timers may come a moment early: what they came for is due all the same. */
  #flush(due = 0): void {
    for (;;) {
      const [first] = this.#waiting;
      const now = Math.max(due, this.#venue.clock.steady());
      if (first === undefined || first.due > now) return;
      this.#waiting.shift();
      const make = () => userEvent("update", [first.order], this.#venue.identity);
      const frame = { channel: "user", means: (name: string) => name } as const;
      spread(this.#connections, frame, [{ about: first.order.productId, make }]);
    }
  }
}
