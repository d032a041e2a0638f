/** Where client orders wait: at their limit in a book, or behind their stop. */
// It only keeps them in order; what happens to them is the floor's business.
import type { Price } from "../../core/kernel/money.ts";
import type { Ledger } from "../ledger.ts";
import type { Order, Side } from "../ledger-events.ts";
import { limitOf, type Resting, restingIn, stopReached } from "./resting.ts";

export class Lines {
  readonly #ledger: Ledger;
  readonly #resting = new Map<string, Resting>();
  /** Order id to the book whose last trade it waits for. */
  readonly #stops = new Map<string, string>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  rest(order: Order, book: string): void {
    const limit = limitOf(order);
    if (limit === null) return;
    const { orderId, side, place } = order;
    this.#resting.set(orderId, { orderId, book, side, limit, place });
  }

  wait(order: Order, book: string): void {
    this.#stops.set(order.orderId, book);
  }

  forget(orderId: string): void {
    this.#resting.delete(orderId);
    this.#stops.delete(orderId);
  }

  /** First in line first. */
  resting(book: string, side: Side): readonly Resting[] {
    return restingIn(this.#resting.values(), book, side);
  }

  /** The oldest order whose stop the last trade has reached. */
  due(book: string, last: Price): Order | undefined {
    let first: Order | undefined;
    for (const [orderId, where] of this.#stops) {
      if (where !== book) continue;
      const order = this.#ledger.order(orderId);
      if (!stopReached(order, last)) continue;
      if (first === undefined || order.place < first.place) first = order;
    }
    return first;
  }
}
