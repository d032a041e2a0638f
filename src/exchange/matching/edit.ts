/** Judges an edit: new price and total size of an open order, in the words of edit failures. */
// Pure; the engine applies what passes. `size` is the whole size, what is filled included.
import { isMultiple, type Price, parse, type Rate, type Size } from "../../core/kernel/money.ts";
import type { Product } from "../catalog.ts";
import type { Order, Stop } from "../ledger-events.ts";
import type { Book } from "../market/synthetic-book.ts";
import { buyHold, wouldTake } from "./check.ts";
import { throughTrigger } from "./configuration.ts";
import type { NewFigures } from "./new-order.ts";
import { previewName, REFUSALS } from "./refusal.ts";
import { stopRefusal } from "./sense.ts";

export interface EditRefusal {
  readonly failure: string;
  /** Empty when there is nothing more to say. */
  readonly preview: string;
}

/** The figures an order has after the edit. */
export interface Edited {
  readonly price: Price;
  readonly size: Size;
  readonly stop: Stop | null;
  readonly hold: bigint;
  /** Whether it loses its place in line. */
  readonly loses: boolean;
}

export interface EditAsked {
  readonly order: Order;
  readonly figures: NewFigures;
  readonly product: Product;
  readonly book: Book;
  readonly last: Price;
  readonly taker: Rate;
  /** Of the currency it pays with, beside what it holds already. */
  readonly available: bigint;
}

const EDITABLE: readonly string[] = [
  "limit_limit_gtc",
  "stop_limit_stop_limit_gtc",
  "trigger_bracket_gtc",
];

const because = (failure: string, preview = ""): EditRefusal => ({ failure, preview });

export function checkEdit(asked: EditAsked): Edited | EditRefusal {
  const refusal = stateOf(asked.order);
  if (refusal !== null) return refusal;
  const read = figuresOf(asked);
  if ("failure" in read) return read;
  const { order, product, book, last, taker, available } = asked;
  const { price, size, stop } = read;
  if (price === order.limitPrice && size === order.baseSize && stop?.price === order.stop?.price) {
    return because("EDIT_REQUEST_EQUAL_TO_ORIGINAL_REQUEST");
  }
  if (size <= order.filledSize) return because("CANNOT_EDIT_TO_BELOW_FILLED_SIZE");
  const bad = boundsOf(read, product);
  if (bad !== null) return bad;
  if (wouldTake({ postOnly: order.postOnly, limitPrice: price }, order.side, book)) {
    return because("INVALID_EDITED_PRICE", previewName(REFUSALS.postOnly));
  }
  const wrongStop = stop && stopRefusal({ ...order, limitPrice: price, stop }, last);
  if (wrongStop) return because("INVALID_EDITED_PRICE", previewName(wrongStop));
  const rest = (size - order.filledSize) as Size;
  const hold = order.side === "SELL" ? rest : buyHold(price, rest, taker);
  if (hold > available + order.hold) {
    return because("COMMANDER_REJECTED_EDIT_ORDER", previewName(REFUSALS.funds));
  }
  const grows = size > (order.baseSize ?? 0n);
  return { price, size, stop, hold, loses: grows || price !== order.limitPrice };
}

function stateOf(order: Order): EditRefusal | null {
  if (order.status === "CANCEL_QUEUED") return because("CANNOT_EDIT_ORDER_PENDING_CANCEL");
  if (order.status !== "OPEN") return because("ONLY_OPEN_ORDERS_CAN_BE_EDITED");
  if (!EDITABLE.includes(order.type)) return because("ORDER_EDIT_ORDER_TYPE_NOT_SUPPORTED");
  return order.triggered ? because("CANNOT_EDIT_TRIGGERED_ORDER") : null;
}

function figuresOf({
  order,
  figures,
  product,
}: EditAsked): Pick<Edited, "price" | "size" | "stop"> | EditRefusal {
  const price = amount(figures.price, order.limitPrice);
  if (price === null || price <= 0n) return because("INVALID_EDITED_PRICE");
  const size = amount(figures.size, order.baseSize);
  if (size === null || size <= 0n) return because("INVALID_EDITED_SIZE");
  if (order.stop === null) return { price: price as Price, size: size as Size, stop: null };
  const at = amount(figures.stopPrice, order.stop.price);
  if (at === null || at <= 0n) return because("INVALID_EDITED_PRICE", "PREVIEW_INVALID_STOP_PRICE");
  const bracket = order.type.startsWith("trigger_bracket");
  const limit = bracket ? throughTrigger(at as Price, product) : (price as Price);
  const stop = { price: at as Price, up: order.stop.up, limit };
  return { price: price as Price, size: size as Size, stop };
}

function amount(text: string, unchanged: bigint | null): bigint | null {
  if (text === "") return unchanged;
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function boundsOf(
  { price, size, stop }: Pick<Edited, "price" | "size" | "stop">,
  product: Product,
): EditRefusal | null {
  const onStep = (at: Price): boolean => isMultiple(at, product.priceStep);
  if (!onStep(price)) {
    return because("INVALID_EDITED_PRICE", previewName(REFUSALS.pricePrecision));
  }
  if (stop !== null && !onStep(stop.price)) {
    return because("INVALID_EDITED_PRICE", previewName(REFUSALS.stopPrecision));
  }
  if (!isMultiple(size, product.baseStep)) {
    return because("INVALID_EDITED_SIZE", previewName(REFUSALS.sizePrecision));
  }
  if (size < product.baseMin)
    return because("INVALID_EDITED_SIZE", previewName(REFUSALS.baseTooSmall));
  return size > product.baseMax
    ? because("INVALID_EDITED_SIZE", previewName(REFUSALS.baseTooLarge))
    : null;
}
