/**
 * The matching engine: the counter where orders are created, cancelled and edited, and the way the
 * market reaches them.
 */
// It speaks to nobody: what happens goes to the ledger, and a copy of the order to those who watch.
import type { Price, Size } from "../../core/kernel/money.ts";
import { pays } from "../ledger.ts";
import { isTerminal, type Order } from "../ledger-events.ts";
import type { Tier } from "../options.ts";
import { type Checked, check } from "./check.ts";
import { echoEdited } from "./echo.ts";
import { checkEdit, type Edited, type EditRefusal } from "./edit.ts";
import { Floor } from "./floor.ts";
import type { KeeperParts } from "./keeper.ts";
import type { NewFigures, NewOrder } from "./new-order.ts";
import { OrderFaults } from "./order-faults.ts";
import { termsOf } from "./placing.ts";
import { REFUSALS, type Refusal, refusalNamed } from "./refusal.ts";

export type Created = { readonly orderId: string } | Refusal;
export type CancelRefusal =
  | "UNKNOWN_CANCEL_ORDER"
  | "DUPLICATE_CANCEL_REQUEST"
  | "ORDER_IS_FULLY_FILLED";

export class Engine {
  readonly faults = new OrderFaults();
  readonly #parts: KeeperParts;
  readonly #floor: Floor;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#floor = new Floor(parts);
  }

  /** `watcher` gets a copy of an order at each of its steps, in order. */
  watch(watcher: (order: Order) => void): void {
    this.#floor.keeper.watch(watcher);
  }

  /** The tier that the volume traded so far has earned. */
  tier(): Tier {
    return this.#floor.keeper.tier();
  }

  /** Would the order be accepted now, and what would it take and hold? Nothing is placed. */
  judge(request: NewOrder): Checked | Refusal {
    const { ledger, catalog, market, settings } = this.#parts;
    const product = catalog.get(request.productId);
    if (product === undefined) return REFUSALS.product;
    const currency = pays({ side: request.side, base: product.base, quote: product.quote });
    return check({
      order: request,
      product,
      book: market.book(product.book),
      last: market.last(product.book),
      taker: this.tier().taker,
      available: ledger.balances.has(currency) ? ledger.available(currency) : null,
      now: settings.clock.now(),
      doubts: settings.doubts,
    });
  }

  /** Places an order, or names the order that already has this client id, or refuses. */
  create(request: NewOrder): Created {
    const { ledger, catalog, market, settings } = this.#parts;
    const { clientOrderId } = request;
    const known = clientOrderId ? ledger.byClientId(clientOrderId) : undefined;
    if (known !== undefined) {
      return settings.doubts.duplicate === "refuse"
        ? REFUSALS.duplicate
        : { orderId: known.orderId };
    }
    const planned = this.faults.nextRefusal();
    if (planned !== null) return refusalNamed(planned);
    const checked = this.judge(request);
    const product = catalog.get(request.productId);
    if ("error" in checked) return checked;
    if (product === undefined) return REFUSALS.product;
    const given = { seed: settings.seed, before: ledger.orders.size, product };
    const terms = termsOf(request, checked.draft, { ...given, at: settings.clock.now() });
    const { orderId } = this.#floor.keeper.place(terms, checked.hold);
    const begin = (): void => {
      this.#floor.begin(orderId, this.faults.nextFailure());
      this.#floor.onLast(product.book);
      market.announce(product.book);
    };
    if (settings.pendingMs > 0) settings.clock.after(settings.pendingMs, begin);
    else begin();
    return { orderId };
  }

  /** A cancel is only taken here; CANCELLED comes later, unless the order fills first. */
  cancel(orderId: string): CancelRefusal | null {
    const { ledger, settings } = this.#parts;
    const order = ledger.orders.get(orderId);
    if (order?.status === "FILLED") return "ORDER_IS_FULLY_FILLED";
    if (order === undefined || isTerminal(order.status)) return "UNKNOWN_CANCEL_ORDER";
    if (order.status === "CANCEL_QUEUED") return "DUPLICATE_CANCEL_REQUEST";
    const { keeper } = this.#floor;
    keeper.move(orderId, "CANCEL_QUEUED", { silent: !settings.userUpdates.cancelQueued });
    settings.clock.after(settings.cancelDelayMs, () =>
      keeper.move(orderId, "CANCELLED", { cancelMessage: "User requested cancel" }),
    );
    return null;
  }

  /** What an edit would make of an order. Nothing is changed. */
  judgeEdit(orderId: string, figures: NewFigures): Edited | EditRefusal {
    const { ledger, catalog, market } = this.#parts;
    const order = ledger.orders.get(orderId);
    const product = catalog.get(order?.productId ?? "");
    if (order === undefined || product === undefined) {
      return { failure: "ORDER_NOT_FOUND", preview: "" };
    }
    return checkEdit({
      order,
      figures,
      product,
      book: market.book(product.book),
      last: market.last(product.book),
      taker: this.tier().taker,
      available: ledger.available(pays(order)),
    });
  }

  /** The order keeps its id, and its place in line unless the price changes or the size grows. */
  edit(orderId: string, figures: NewFigures): EditRefusal | null {
    const edited = this.judgeEdit(orderId, figures);
    if ("failure" in edited) return edited;
    const { ledger, market } = this.#parts;
    const place = edited.loses ? ledger.nextPlace : null;
    const configuration = echoEdited(ledger.order(orderId).configuration, figures);
    const order = this.#floor.keeper.edit(orderId, { ...edited, configuration, place });
    const book = this.#floor.keeper.bookOf(order);
    this.#floor.work(orderId);
    this.#floor.onLast(book);
    market.announce(book);
    return null;
  }

  /** Takes the open orders of a ledger that was read back from its file. */
  restore(): void {
    const { keeper } = this.#floor;
    for (const order of [...this.#parts.ledger.orders.values()]) {
      const { orderId, status, type } = order;
      if (isTerminal(status)) this.#floor.attach(order);
      else if (order.filledSize === order.baseSize) keeper.move(orderId, "FILLED");
      else if (status === "CANCEL_QUEUED" || !/_gt[cd]$/.test(type))
        keeper.move(orderId, "CANCELLED");
      else {
        if (status === "PENDING") keeper.move(orderId, "OPEN");
        this.#floor.stand(this.#parts.ledger.order(orderId));
      }
    }
  }

  onPrint(book: string, print: { readonly price: Price; readonly size: Size }): void {
    this.#floor.onPrint(book, print);
  }

  onBook(book: string): void {
    this.#floor.onBook(book);
  }

  onLast(book: string): void {
    this.#floor.onLast(book);
  }
}
