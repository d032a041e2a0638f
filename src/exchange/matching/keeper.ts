/** Writes down what happens to client orders, and shows every step to those who watch. */
// It decides nothing: the engine says what happens. Money moves only in the ledger.
import { type Price, parse, type Size } from "../../core/kernel/money.ts";
import type { Catalog } from "../catalog.ts";
import type { Ledger } from "../ledger.ts";
import { isTerminal, type Order, type Status, type Stop, type Terms } from "../ledger-events.ts";
import type { Market } from "../market/market.ts";
import type { Settings, Tier } from "../options.ts";
import { type Booking, book as bookFill } from "./booking.ts";

export interface KeeperParts {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly ledger: Ledger;
  readonly market: Market;
}

interface Why {
  readonly cancelMessage?: string;
  readonly rejectReason?: string;
  /** What it holds from now on; unchanged unless told, nothing once it is over. */
  readonly hold?: bigint;
  /** Whether watchers are not shown this step. */
  readonly silent?: boolean;
}

const OTHER = { BUY: "SELL", SELL: "BUY" } as const;
/** Market data shows sizes in whole steps of this. */
const STEP = parse("0.00000001");

export class Keeper {
  readonly #parts: KeeperParts;
  readonly #watchers = new Set<(order: Order) => void>();
  readonly #ended: (order: Order) => void;

  /** `ended` is called after the last step of an order. */
  constructor(parts: KeeperParts, ended: (order: Order) => void) {
    this.#parts = parts;
    this.#ended = ended;
  }

  /** `watcher` gets a copy of an order at each of its steps, in order. */
  watch(watcher: (order: Order) => void): void {
    this.#watchers.add(watcher);
  }

  /** The tier that the volume traded so far has earned. */
  tier(): Tier {
    const { tiers } = this.#parts.settings;
    const { volume } = this.#parts.ledger;
    const earned = tiers.filter((tier) => tier.volume <= volume).at(-1) ?? tiers[0];
    if (earned === undefined) throw new RangeError("there is at least one fee tier");
    return earned;
  }

  /** The book an order trades in. */
  bookOf({ productId }: Pick<Terms, "productId">): string {
    return this.#parts.catalog.get(productId)?.book ?? productId;
  }

  place(terms: Terms, hold: bigint): Order {
    const { ledger, settings } = this.#parts;
    ledger.record({ kind: "placed", terms, hold });
    const order = ledger.order(terms.orderId);
    if (settings.userUpdates.pending) this.#tell(order);
    return order;
  }

  /** One execution; an order that is complete with it becomes FILLED. */
  fill(booking: Booking): void {
    const { ledger, market, settings } = this.#parts;
    const at = settings.clock.now();
    const before = ledger.order(booking.orderId);
    ledger.record(bookFill(before, booking, { at, tier: this.tier(), ledger, settings }));
    const maker = booking.liquidity === "MAKER" ? before.side : OTHER[before.side];
    const { price } = booking;
    market.print(this.bookOf(before), { price, size: printed(booking.size), side: maker, at });
    const after = ledger.order(booking.orderId);
    if (!booking.last) return this.#tell(after);
    if (settings.userUpdates.filledTwice) {
      this.#tell({ ...after, status: "FILLED", hold: before.hold });
    }
    this.move(booking.orderId, "FILLED");
  }

  trigger(orderId: string): Order {
    const { ledger, settings } = this.#parts;
    ledger.record({ kind: "triggered", orderId, at: settings.clock.now() });
    this.#tell(ledger.order(orderId));
    return ledger.order(orderId);
  }

  edit(
    orderId: string,
    to: {
      readonly price: Price;
      readonly size: Size;
      readonly stop: Stop | null;
      readonly configuration: Order["configuration"];
      readonly hold: bigint;
      readonly place: number | null;
    },
  ): Order {
    const { ledger, settings } = this.#parts;
    ledger.record({
      kind: "edited",
      orderId,
      limitPrice: to.price,
      baseSize: to.size,
      stop: to.stop,
      configuration: to.configuration,
      hold: to.hold,
      place: to.place,
      at: settings.clock.now(),
    });
    this.#tell(ledger.order(orderId));
    return ledger.order(orderId);
  }

  /** Every status that ends an order frees what it held. An order that is over stays as it is. */
  move(orderId: string, status: Status, { silent = false, ...why }: Why = {}): void {
    const { ledger, settings } = this.#parts;
    const order = ledger.order(orderId);
    if (isTerminal(order.status)) return;
    const over = isTerminal(status);
    const hold = over ? 0n : (why.hold ?? order.hold);
    ledger.record({
      kind: "moved",
      orderId,
      status,
      hold,
      at: settings.clock.now(),
      ...(why.cancelMessage === undefined ? {} : { cancelMessage: why.cancelMessage }),
      ...(why.rejectReason === undefined ? {} : { rejectReason: why.rejectReason }),
    });
    if (!silent) this.#tell(ledger.order(orderId));
    if (over) this.#ended(ledger.order(orderId));
  }

  #tell(order: Order): void {
    for (const watcher of this.#watchers) watcher(order);
  }
}

const printed = (size: Size): Size => (size < STEP ? STEP : size - (size % STEP)) as Size;
