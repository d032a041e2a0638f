/** Where accepted orders meet the books: they take, rest, wait for stops, trade in parts, expire. */
// It refuses nothing; whoever comes here was checked at the counter.
import {
  floorTo,
  minus,
  notional,
  type Price,
  type Quote,
  type Size,
} from "../../core/kernel/money.ts";
import { isTerminal, type Order } from "../ledger-events.ts";
import { withFee, wouldTake } from "./check.ts";
import { Keeper, type KeeperParts } from "./keeper.ts";
import { Lines } from "./lines.ts";
import { childOf } from "./placing.ts";
import { best, limitOf, type Resting, reached } from "./resting.ts";
import { Timetable } from "./timetable.ts";
import { type Plan, walk } from "./walk.ts";

interface Amounts {
  readonly size: Size | null;
  readonly net: Quote | null;
}

export class Floor {
  readonly keeper: Keeper;
  readonly #parts: KeeperParts;
  readonly #lines: Lines;
  readonly #timetable: Timetable;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#lines = new Lines(parts.ledger);
    this.#timetable = new Timetable(parts.settings.clock);
    this.keeper = new Keeper(parts, (order) => this.#over(order));
  }

  /** A pending order goes to work; `failure` kills it first. */
  begin(orderId: string, failure: string | null = null): void {
    const { ledger, market, settings } = this.#parts;
    const order = ledger.order(orderId);
    if (order.status !== "PENDING") return;
    const full = ledger.openCount > settings.mostOpenOrders ? "TOO_MANY_OPEN_ORDERS" : null;
    const rejectReason = failure ?? full;
    if (rejectReason !== null) return this.keeper.move(orderId, "FAILED", { rejectReason });
    const book = this.keeper.bookOf(order);
    if (wouldTake(order, order.side, market.book(book))) {
      return this.keeper.move(orderId, "CANCELLED");
    }
    const plan = this.#planOf(order);
    const hold = this.#holdOf(order, plan);
    if (hold === null) {
      const rejectReason = "REJECT_REASON_INSUFFICIENT_FUNDS";
      return this.keeper.move(orderId, "FAILED", { rejectReason });
    }
    this.keeper.move(orderId, "OPEN", { hold });
    if (order.type === "limit_limit_fok" && !plan.whole) {
      return this.keeper.move(orderId, "CANCELLED");
    }
    this.work(orderId);
  }

  /** What an open order does at once, and then where it waits. */
  work(orderId: string): void {
    const order = this.#parts.ledger.order(orderId);
    const waits = order.stop !== null && !order.triggered;
    const bracket = order.type.startsWith("trigger_bracket");
    if (order.slices === null && (!waits || bracket)) this.#take(order, this.#planOf(order));
    const after = this.#parts.ledger.order(orderId);
    if (isTerminal(after.status)) return;
    if (after.slices === null && !canRest(after)) return this.keeper.move(orderId, "CANCELLED");
    this.stand(after);
  }

  /** Puts an open order where it waits now, and nowhere else, taking nothing. */
  stand(order: Order): void {
    const { orderId, endsAt, slices } = order;
    const book = this.keeper.bookOf(order);
    const waits = order.stop !== null && !order.triggered;
    this.#lines.forget(orderId);
    if (waits) this.#lines.wait(order, book);
    if (slices === null && (!waits || order.type.startsWith("trigger_bracket"))) {
      this.#lines.rest(order, book);
    }
    if (endsAt !== null) this.#timetable.atEnd(orderId, endsAt, () => this.#expire(orderId));
    if (slices !== null) {
      this.#timetable.inParts(orderId, slices, (done) => this.#part(orderId, done));
    }
  }

  /**
   * A market trade fills resting orders at its price or better, best price then oldest first, up to
   * its size.
   */
  onPrint(book: string, { price, size }: { readonly price: Price; readonly size: Size }): void {
    for (const side of ["BUY", "SELL"] as const) {
      let left = size;
      for (const resting of this.#lines.resting(book, side)) {
        if (left <= 0n || !reached(resting, price)) break;
        left = minus(left, this.#fillResting(resting, left));
      }
    }
  }

  /** Resting orders that the moved book now crosses fill against its levels, at their own price. */
  onBook(book: string): void {
    const levels = this.#parts.market.book(book);
    for (const side of ["BUY", "SELL"] as const) {
      for (const resting of this.#lines.resting(book, side)) {
        let level = best(levels, side);
        while (level !== undefined && reached(resting, level.price)) {
          const { price } = level;
          const filled = this.#fillResting(resting, level.size);
          if (filled === 0n) break;
          this.#parts.market.take(book, { price, size: filled });
          level = best(levels, side);
        }
      }
    }
  }

  /** Sets free the stops that the last trade has reached, and those that their trades reach. */
  onLast(book: string): void {
    const { market, ledger } = this.#parts;
    for (;;) {
      const due = this.#lines.due(book, market.last(book));
      if (due === undefined) return;
      this.keeper.trigger(due.orderId);
      if (!isTerminal(ledger.order(due.orderId).status)) this.work(due.orderId);
    }
  }

  #planOf(order: Order, wanted: Amounts = whole(order)): Plan {
    const { size, net } = left(order, wanted);
    const wish = { side: order.side, size, net, limit: limitOf(order) };
    return walk(this.#parts.market.book(this.keeper.bookOf(order)), wish);
  }

  /** A market BUY by base size holds what it costs now; null when that is not there. */
  #holdOf(order: Order, { value }: Plan): bigint | null {
    if (order.side === "SELL" || order.limitPrice !== null || order.baseSize === null) {
      return order.hold;
    }
    const needs = withFee(value, this.keeper.tier().taker);
    return needs > this.#parts.ledger.available(order.quote) + order.hold ? null : needs;
  }

  #take({ orderId }: Order, plan: Plan): void {
    const { ledger, market } = this.#parts;
    const book = this.keeper.bookOf(ledger.order(orderId));
    for (const take of plan.takes) {
      market.take(book, take);
      const last = completes(ledger.order(orderId), take);
      this.keeper.fill({ orderId, ...take, liquidity: "TAKER", last });
    }
  }

  /** @returns how much was filled, at most `most`. */
  #fillResting({ orderId, limit: price }: Resting, most: Size): Size {
    const order = this.#parts.ledger.order(orderId);
    if (order.baseSize === null || isTerminal(order.status)) return 0n as Size;
    const rest = minus(order.baseSize, order.filledSize);
    const size = rest < most ? rest : most;
    const value = notional(price, size);
    this.keeper.fill({ orderId, price, size, value, liquidity: "MAKER", last: size === rest });
    return size;
  }

  /** Part of a TWAP order: together with the parts before it, `done` of all parts should be traded. */
  #part(orderId: string, done: number): void {
    const { ledger, market, catalog } = this.#parts;
    const order = ledger.order(orderId);
    const step = catalog.get(order.productId)?.baseStep;
    if (order.status !== "OPEN" || order.slices === null || step === undefined) return;
    const [share, all] = [BigInt(done), BigInt(order.slices.count)];
    const size = order.baseSize && (((order.baseSize * share) / all) as Size);
    const net = order.net && (((order.net * share) / all) as Quote);
    this.#take(order, this.#planOf(order, { size: size && floorTo(size, step), net }));
    const book = this.keeper.bookOf(order);
    this.onLast(book);
    market.announce(book);
  }

  #expire(orderId: string): void {
    const { ledger, settings } = this.#parts;
    const twap = ledger.order(orderId).type === "twap_limit_gtd";
    this.keeper.move(orderId, twap ? "EXPIRED" : settings.doubts.gtdEnd);
  }

  #over(order: Order): void {
    this.#lines.forget(order.orderId);
    this.#timetable.forget(order.orderId);
    this.attach(order);
  }

  /** The bracket of an order that is over, for what it bought. */
  attach(parent: Order): void {
    const { ledger, catalog, settings } = this.#parts;
    const product = catalog.get(parent.productId);
    if (product === undefined || parent.filledSize === 0n) return;
    const given = { seed: settings.seed, before: ledger.orders.size, product };
    const terms = childOf(parent, { ...given, at: settings.clock.now() });
    if (terms === null || ledger.orders.has(terms.orderId)) return;
    const enough = ledger.available(product.base) >= (terms.baseSize ?? 0n);
    this.keeper.place(terms, enough ? (terms.baseSize ?? 0n) : 0n);
    this.begin(terms.orderId, enough ? null : "HOLD_FAILURE");
  }
}

const canRest = ({ type }: Order): boolean => type.endsWith("_gtc") || type.endsWith("_gtd");

const whole = ({ baseSize, net }: Order): Amounts => ({ size: baseSize, net });

const left = (order: Order, { size, net }: Amounts): Amounts => ({
  size: size && minus(size, order.filledSize),
  net: net && minus(net, order.filledValue),
});

const completes = (
  order: Order,
  { size, value }: { readonly size: Size; readonly value: Quote },
): boolean =>
  order.baseSize === null
    ? order.filledValue + value === order.net
    : order.filledSize + size === order.baseSize;
