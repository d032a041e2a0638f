/**
 * The matching engine: accepts, fills, cancels and expires client orders against the market's
 * books.
 */
// It speaks to nobody: every change goes to the ledger, and a copy of the order to those who watch.
import { notional, type Price, type Size } from "../../core/kernel/money.ts";
import type { Catalog } from "../catalog.ts";
import type { Cancel } from "../clock.ts";
import type { Ledger } from "../ledger.ts";
import { isTerminal, type Order, type Status } from "../ledger-events.ts";
import type { Market } from "../market/market.ts";
import { uuid } from "../names.ts";
import type { Settings, Tier } from "../options.ts";
import { type Booking, book as bookFill } from "./booking.ts";
import { type Checked, check } from "./check.ts";
import { type Draft, draftOf, echo, type NewOrder } from "./configuration.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import { best, type Resting, reached, restingIn } from "./resting.ts";

export type Created = { readonly orderId: string } | Refusal;
export type CancelRefusal =
  | "UNKNOWN_CANCEL_ORDER"
  | "DUPLICATE_CANCEL_REQUEST"
  | "ORDER_IS_FULLY_FILLED";

export interface EngineParts {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly ledger: Ledger;
  readonly market: Market;
}

export class Engine {
  readonly #parts: EngineParts;
  readonly #watchers = new Set<(order: Order) => void>();
  readonly #open = new Map<string, Resting>();
  readonly #expiries = new Map<string, Cancel>();
  #failNext: string | null = null;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** `watcher` gets a copy of an order at each of its steps, in order. */
  watch(watcher: (order: Order) => void): void {
    this.#watchers.add(watcher);
  }

  /** The next accepted order dies as FAILED with this reject reason. */
  failNextOrder(reason: string): void {
    this.#failNext = reason;
  }

  /** The tier that the volume traded so far has earned. */
  tier(): Tier {
    const { tiers } = this.#parts.settings;
    const { volume } = this.#parts.ledger;
    const earned = tiers.filter((tier) => tier.volume <= volume).at(-1) ?? tiers[0];
    if (earned === undefined) throw new RangeError("there is at least one fee tier");
    return earned;
  }

  /** Places an order, or names the order that already has this client id, or refuses. */
  create(request: NewOrder): Created {
    const { ledger, catalog, market, settings } = this.#parts;
    const known =
      request.clientOrderId === "" ? undefined : ledger.byClientId(request.clientOrderId);
    if (known !== undefined) return { orderId: known.orderId };
    const product = catalog.get(request.productId);
    if (product === undefined) return REFUSALS.product;
    const draft = draftOf(request);
    if ("error" in draft) return draft;
    const checked = check({
      draft,
      side: request.side,
      product,
      book: market.book(product.book),
      taker: this.tier().taker,
      available: ledger.available(request.side === "BUY" ? product.quote : product.base),
      now: settings.clock.now(),
    });
    if ("error" in checked) return checked;
    const order = this.#place(request, draft, checked);
    this.#execute(order, checked);
    market.announce(product.book);
    return { orderId: order.orderId };
  }

  #place(request: NewOrder, draft: Draft, { hold }: Checked): Order {
    const { ledger, catalog, settings } = this.#parts;
    const sequence = ledger.orders.size + 1;
    const product = catalog.get(request.productId);
    const orderId = uuid(`${settings.seed}|order|${sequence}`);
    const client = request.clientOrderId || uuid(`${settings.seed}|client|${sequence}`);
    const terms = {
      ...draft,
      sequence,
      orderId,
      clientOrderId: client,
      productId: request.productId,
      base: product?.base ?? "",
      quote: product?.quote ?? "",
      side: request.side,
      configuration: echo(request),
      createdAt: settings.clock.now(),
    };
    ledger.record({ kind: "placed", terms, hold });
    if (settings.userUpdates.pending) this.#tell(ledger.order(orderId));
    return ledger.order(orderId);
  }

  #execute(order: Order, { plan }: Checked): void {
    if (this.#failNext !== null) {
      this.#move(order.orderId, "FAILED", { rejectReason: this.#failNext });
      this.#failNext = null;
      return;
    }
    this.#move(order.orderId, "OPEN", {});
    const { market, catalog } = this.#parts;
    const book = catalog.get(order.productId)?.book ?? order.productId;
    if (order.type === "limit_limit_fok" && !plan.whole) {
      this.#move(order.orderId, "CANCELLED", {});
      return;
    }
    for (const [index, take] of plan.takes.entries()) {
      market.take(book, take);
      const last = plan.whole && index === plan.takes.length - 1;
      this.#fill({ orderId: order.orderId, ...take, liquidity: "TAKER", last }, book);
    }
    if (isTerminal(this.#parts.ledger.order(order.orderId).status)) return;
    if (order.type === "limit_limit_gtc" || order.type === "limit_limit_gtd") {
      this.#rest(order, book);
    } else {
      this.#move(order.orderId, "CANCELLED", {});
    }
  }

  #rest(order: Order, book: string): void {
    const { orderId, side, limitPrice, sequence, endsAt } = order;
    if (limitPrice === null) return;
    this.#open.set(orderId, { orderId, book, side, limit: limitPrice, sequence });
    if (endsAt === null) return;
    const { clock } = this.#parts.settings;
    const expire = (): void => this.#move(orderId, "EXPIRED", {});
    this.#expiries.set(orderId, clock.after(Math.max(0, endsAt - clock.now()), expire));
  }

  /** Takes the open orders of a ledger that was read back from its file. */
  restore(): void {
    for (const order of this.#parts.ledger.orders.values()) {
      if (isTerminal(order.status)) continue;
      const rests = order.type === "limit_limit_gtc" || order.type === "limit_limit_gtd";
      if (order.filledSize === order.baseSize) this.#move(order.orderId, "FILLED", {});
      else if (!rests || order.status === "CANCEL_QUEUED")
        this.#move(order.orderId, "CANCELLED", {});
      else {
        if (order.status === "PENDING") this.#move(order.orderId, "OPEN", {});
        this.#rest(order, this.#parts.catalog.get(order.productId)?.book ?? order.productId);
      }
    }
  }

  /** A cancel is only taken here; CANCELLED comes later, unless the order fills first. */
  cancel(orderId: string): CancelRefusal | null {
    const { ledger, settings } = this.#parts;
    const order = ledger.orders.get(orderId);
    if (order?.status === "FILLED") return "ORDER_IS_FULLY_FILLED";
    if (order === undefined || isTerminal(order.status)) return "UNKNOWN_CANCEL_ORDER";
    if (order.status === "CANCEL_QUEUED") return "DUPLICATE_CANCEL_REQUEST";
    this.#move(orderId, "CANCEL_QUEUED", {}, settings.userUpdates.cancelQueued);
    settings.clock.after(settings.cancelDelayMs, () =>
      this.#move(orderId, "CANCELLED", { cancelMessage: "User requested cancel" }),
    );
    return null;
  }

  /**
   * A market trade fills resting orders at its price or better, best price then oldest first, up to
   * its size.
   */
  onPrint(book: string, { price, size }: { readonly price: Price; readonly size: Size }): void {
    for (const side of ["BUY", "SELL"] as const) {
      let left = size;
      for (const resting of restingIn(this.#open.values(), book, side)) {
        if (left <= 0n || !reached(resting, price)) break;
        left = (left - this.#fillResting(resting, left)) as Size;
      }
    }
  }

  /** Resting orders that the moved book now crosses fill against its levels, at their own price. */
  onBook(book: string): void {
    const levels = this.#parts.market.book(book);
    for (const side of ["BUY", "SELL"] as const) {
      for (const resting of restingIn(this.#open.values(), book, side)) {
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

  /** @returns how much was filled, at most `most`. */
  #fillResting({ orderId, limit, book }: Resting, most: Size): Size {
    const order = this.#parts.ledger.order(orderId);
    if (order.baseSize === null || isTerminal(order.status)) return 0n as Size;
    const left = order.baseSize - order.filledSize;
    const size = (left < most ? left : most) as Size;
    const value = notional(limit, size);
    this.#fill(
      { orderId, price: limit, size, value, liquidity: "MAKER", last: size === left },
      book,
    );
    return size;
  }

  #fill(booking: Booking, book: string): void {
    const { ledger, market, settings } = this.#parts;
    const at = settings.clock.now();
    const before = ledger.order(booking.orderId);
    ledger.record(bookFill(before, booking, { at, tier: this.tier(), ledger, settings }));
    const maker = booking.liquidity === "MAKER" ? before.side : OTHER[before.side];
    market.print(book, { price: booking.price, size: printed(booking.size), side: maker, at });
    const after = ledger.order(booking.orderId);
    if (!booking.last) return this.#tell(after);
    this.#tell({ ...after, status: "FILLED", hold: before.hold });
    this.#move(booking.orderId, "FILLED", {});
  }

  /** Every status that ends an order frees what it held and forgets it as resting. */
  #move(
    orderId: string,
    status: Status,
    why: { readonly cancelMessage?: string; readonly rejectReason?: string },
    aloud = true,
  ): void {
    const { ledger, settings } = this.#parts;
    const order = ledger.order(orderId);
    if (isTerminal(order.status)) return;
    const over = isTerminal(status);
    const hold = over ? 0n : order.hold;
    ledger.record({ kind: "moved", orderId, status, hold, at: settings.clock.now(), ...why });
    if (over) {
      this.#open.delete(orderId);
      this.#expiries.get(orderId)?.();
      this.#expiries.delete(orderId);
    }
    if (aloud) this.#tell(ledger.order(orderId));
  }

  #tell(order: Order): void {
    for (const watcher of this.#watchers) watcher(order);
  }
}

const OTHER = { BUY: "SELL", SELL: "BUY" } as const;
const STEP = 10n ** 10n;
/** Market data shows sizes in whole steps of 1e-8. */
const printed = (size: Size): Size => (size < STEP ? STEP : size - (size % STEP)) as Size;
