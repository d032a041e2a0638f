/**
 * The exchange's books of account: balances, holds, orders and fills, all in exact money, moved by
 * events alone.
 */
// It decides nothing: the engine has checked that the money is there. With a file, every event is a
// line of it.
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { assert, unreachable } from "../core/kernel/assert.ts";
import { NO_QUOTE, NO_SIZE, plus, type Quote } from "../core/kernel/money.ts";
import {
  decode,
  encode,
  type Fill,
  isTerminal,
  type LedgerEvent,
  type Order,
  type Side,
} from "./ledger-events.ts";

export interface Balance {
  /** Everything owned, held or not. */
  readonly total: bigint;
  readonly hold: bigint;
}

const EMPTY: Balance = { total: 0n, hold: 0n };
/** An order remembers its latest edits only. */
const MOST_EDITS = 5;

/** The currency an order holds and pays with. */
export const pays = (order: { side: Side; base: string; quote: string }): string =>
  order.side === "BUY" ? order.quote : order.base;

/** What a fill adds to the base and the quote currency. */
const moves = ({ side, size, value, commission }: Fill): readonly [bigint, bigint] =>
  side === "BUY" ? [size, -(value + commission)] : [-size, value - commission];

export class Ledger implements Disposable {
  readonly #balances = new Map<string, Balance>();
  readonly #orders = new Map<string, Order>();
  readonly #byClientId = new Map<string, string>();
  readonly #fills: Fill[] = [];
  #file: number | null = null;
  #volume = NO_QUOTE;
  #lastPlace = 0;
  #openCount = 0;

  get balances(): ReadonlyMap<string, Balance> {
    return this.#balances;
  }

  /** In the order they were placed. */
  get orders(): ReadonlyMap<string, Order> {
    return this.#orders;
  }

  /** Every order that is not over, oldest first. */
  get open(): readonly Order[] {
    return [...this.#orders.values()].filter((order) => !isTerminal(order.status));
  }

  /** In the order they happened. */
  get fills(): readonly Fill[] {
    return this.#fills;
  }

  /** Quote currency traded in all. */
  get volume(): Quote {
    return this.#volume;
  }

  /** How many orders are not over. */
  get openCount(): number {
    return this.#openCount;
  }

  /** Where an order goes that joins the line now. */
  get nextPlace(): number {
    return this.#lastPlace + 1;
  }

  available(currency: string): bigint {
    const { total, hold } = this.#balances.get(currency) ?? EMPTY;
    return total - hold;
  }

  byClientId(clientOrderId: string): Order | undefined {
    const orderId = this.#byClientId.get(clientOrderId);
    return orderId === undefined ? undefined : this.#orders.get(orderId);
  }

  /**
   * Reads the events of `path` back and appends later ones to it. A torn last line (a crash while
   * writing) is dropped.
   * @throws RangeError naming the file and line when another line is broken.
   * @returns whether anything was read.
   */
  keepIn(path: string): boolean {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
    for (const [index, line] of whole.split("\n").entries()) {
      if (line !== "") this.#replay(path, index + 1, line);
    }
    this.#file = openSync(path, "a", 0o600);
    return whole !== "";
  }

  #replay(path: string, number: number, line: string): void {
    try {
      this.#apply(decode(line));
    } catch (cause) {
      throw new RangeError(`ledger file ${path} is broken at line ${number}`, { cause });
    }
  }

  record(event: LedgerEvent): void {
    this.#apply(event);
    if (this.#file !== null) writeSync(this.#file, `${encode(event)}\n`);
  }

  [Symbol.dispose](): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #apply(event: LedgerEvent): void {
    switch (event.kind) {
      case "funded":
        return this.#change(event.currency, { total: event.amount, hold: 0n });
      case "converted":
        this.#change(event.from, { total: -event.amount, hold: 0n });
        return this.#change(event.to, { total: event.amount, hold: 0n });
      case "placed":
        return this.#place(event);
      case "filled":
        return this.#fill(event.fill, event.hold);
      case "adjusted":
        return this.#adjust(event.fill);
      case "triggered":
        return this.#replace({
          ...this.order(event.orderId),
          triggered: true,
          updatedAt: event.at,
        });
      case "edited":
        return this.#edit(event);
      case "moved":
        return this.#move(event);
      default:
        return unreachable(event);
    }
  }

  #place({ terms, hold }: Extract<LedgerEvent, { kind: "placed" }>): void {
    this.#orders.set(terms.orderId, {
      ...terms,
      status: "PENDING",
      filledSize: NO_SIZE,
      filledValue: NO_QUOTE,
      totalFees: NO_QUOTE,
      fills: 0,
      hold,
      lastFillAt: null,
      updatedAt: terms.createdAt,
      cancelMessage: "",
      rejectReason: "",
      triggered: false,
      edits: [],
      place: this.nextPlace,
    });
    this.#lastPlace = this.nextPlace;
    this.#openCount += 1;
    this.#byClientId.set(terms.clientOrderId, terms.orderId);
    this.#change(pays(terms), { total: 0n, hold });
  }

  #fill(fill: Fill, hold: bigint): void {
    const order = this.order(fill.orderId);
    this.#fills.push(fill);
    this.#volume = plus(this.#volume, fill.value);
    this.#hold(order, hold);
    this.#replace({
      ...order,
      filledSize: plus(order.filledSize, fill.size),
      filledValue: plus(order.filledValue, fill.value),
      totalFees: plus(order.totalFees, fill.commission),
      fills: order.fills + 1,
      hold,
      lastFillAt: fill.at,
      updatedAt: fill.at,
    });
    const [base, quote] = moves(fill);
    this.#change(order.base, { total: base, hold: 0n });
    this.#change(order.quote, { total: quote, hold: 0n });
  }

  /** A reversal gives back what its fill moved; the others are only entries. The order stays what it was. */
  #adjust(fill: Fill): void {
    const order = this.order(fill.orderId);
    this.#fills.push(fill);
    if (fill.type !== "REVERSAL") return;
    const [base, quote] = moves(fill);
    this.#change(order.base, { total: -base, hold: 0n });
    this.#change(order.quote, { total: -quote, hold: 0n });
  }

  #move(event: Extract<LedgerEvent, { kind: "moved" }>): void {
    const order = this.order(event.orderId);
    this.#hold(order, event.hold);
    if (isTerminal(event.status)) this.#openCount -= 1;
    this.#replace({
      ...order,
      status: event.status,
      hold: event.hold,
      updatedAt: event.at,
      cancelMessage: event.cancelMessage ?? order.cancelMessage,
      rejectReason: event.rejectReason ?? order.rejectReason,
    });
  }

  #edit(event: Extract<LedgerEvent, { kind: "edited" }>): void {
    const order = this.order(event.orderId);
    const { limitPrice, baseSize, stop, configuration, hold, at } = event;
    this.#hold(order, hold);
    const edit = { price: limitPrice, size: baseSize, at };
    const edits = [...order.edits, edit].slice(-MOST_EDITS);
    const place = event.place ?? order.place;
    if (event.place !== null) this.#lastPlace = event.place;
    const changed = { limitPrice, baseSize, stop, configuration, hold, edits, place };
    this.#replace({ ...order, ...changed, updatedAt: at });
  }

  #replace(order: Order): void {
    this.#orders.set(order.orderId, order);
  }

  /** @throws RangeError for an id that was never placed. */
  order(orderId: string): Order {
    const order = this.#orders.get(orderId);
    if (order === undefined) throw new RangeError(`there is no order ${orderId}`);
    return order;
  }

  #hold(order: Order, hold: bigint): void {
    this.#change(pays(order), { total: 0n, hold: hold - order.hold });
  }

  #change(currency: string, by: Balance): void {
    const { total, hold } = this.#balances.get(currency) ?? EMPTY;
    const after = { total: total + by.total, hold: hold + by.hold };
    assert(
      after.total >= 0n && after.hold >= 0n,
      `the balance of ${currency} stays at or above zero`,
    );
    this.#balances.set(currency, after);
  }
}
