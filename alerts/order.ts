/** An order's life but for its fills: placed, refused, lost and found, over. */
import { type Alert, type AlertContext, alert, type Voice } from "../src/chat/alert.ts";
import { type OrderMemory, rejectRoll } from "../src/chat/alert-memory.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { money, price, units } from "../src/chat/format.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import { baseOf, type OrderId } from "../src/core/kernel/ids.ts";
import { priceOf } from "../src/core/kernel/money.ts";
import { orderKey, toAsker } from "./order-key.ts";

const ORDERS = button("Orders", "/orders");

/** `BUY 0.00152 BTC`; only the end of the id when the order is older than what is remembered. */
export function named(order: OrderId, known: OrderMemory | undefined): string {
  if (!known) return `order …${order.slice(-6)}`;
  const { side, size, spend, product } = known.plan;
  const howMuch = spend === undefined ? units(size) : `${money(spend)} of`;
  return `${side.toUpperCase()} ${howMuch} ${baseOf(product)}`;
}

export const tail = (order: OrderId): string => `Order …${order.slice(-6)}`;

/** Only resting orders are announced; a marketable one speaks when it fills. An order found again says so. */
export const acknowledged: Voice<EventOf<"order.acknowledged">> = (event, seq, _at, context) => {
  const known = context.memory.orders.get(event.order);
  if (!known) return [];
  const about = named(event.order, known);
  const event_ = eventId(seq);
  if (known.unknown) {
    const lines = ["The venue has it; it was never sent twice.", tail(event.order)];
    const headline = `FOUND ${about}`;
    const found = card({ headline, lines, buttons: [ORDERS], event: event_ });
    return [alert({ card: found, priority: "P1", topic: "incidents" })];
  }
  // One that follows the price within its decision is no news.
  if (known.plan.timeInForce === "ioc" || known.plan.leg !== undefined) return [];
  const placed = card({
    headline: `${about} placed @ ${price(known.plan.limit)}`,
    lines: [tail(event.order), known.plan.strategy],
    buttons: [ORDERS],
    event: event_,
  });
  return [alert({ card: placed, key: orderKey(event.order), edit: true })];
};

/** The same refusal again within five minutes edits a count. */
export const rejected: Voice<EventOf<"order.rejected">> = (event, seq, _at, context) => {
  const roll = context.memory.rolls.get(rejectRoll(event.product, event.reason));
  const known = context.memory.orders.get(event.order);
  const count = known?.asked ? 1 : (roll?.count ?? 1);
  const about = known ? named(event.order, known) : `${event.side.toUpperCase()} ${event.product}`;
  const said = card({
    headline: count === 1 ? `REJECTED ${about}` : `REJECTED ${count} times · last ${about}`,
    mark: "⚠️",
    lines: [
      `The venue says: ${event.reason}`,
      event.message === event.reason ? null : event.message,
      "Not sent again.",
      known?.plan.strategy ?? tail(event.order),
    ],
    buttons: [button("Status", "/status"), button("Pause", "/pause")],
    event: eventId(seq),
  });
  if (known?.asked) return [alert({ card: said, topic: "incidents", ...toAsker(known) })];
  const key = `${rejectRoll(event.product, event.reason)}:${roll?.root ?? seq}`;
  return [alert({ card: said, priority: "P1", topic: "incidents", key, edit: count > 1 })];
};

export const unknown: Voice<EventOf<"order.unknown">> = (event, seq, _at, context) => {
  const known = context.memory.orders.get(event.order);
  const said = card({
    headline: `UNKNOWN ${named(event.order, known)}`,
    mark: "⚠️",
    lines: [
      `No answer that proves anything: ${event.cause}`,
      "It counts as open; the venue is being searched.",
      tail(event.order),
    ],
    buttons: [ORDERS, button("Pause", "/pause")],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents", ...toAsker(known) })];
};

export const resent: Voice<EventOf<"order.resent">> = (event, seq, _at, context) => {
  const said = card({
    headline: `Sent again: ${named(event.order, context.memory.orders.get(event.order))}`,
    lines: [
      `Attempt ${event.attempt}, under the same id: it cannot become two.`,
      tail(event.order),
    ],
    buttons: [ORDERS],
    event: eventId(seq),
  });
  return [alert({ card: said, key: orderKey(event.order), edit: true })];
};

/** Only a refusal speaks: the order was kept back because of it. */
export const previewed: Voice<EventOf<"order.previewed">> = (event, seq, _at, context) => {
  if (event.refusals.length === 0) return [];
  const known = context.memory.orders.get(event.order);
  const said = card({
    headline: `NOT SENT ${named(event.order, known)}`,
    mark: "⚠️",
    lines: [
      `The venue would refuse it: ${event.refusals.join(", ")}`,
      "Nothing is open.",
      known?.plan.strategy ?? tail(event.order),
    ],
    buttons: [button("Status", "/status")],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P2", topic: "activity", ...toAsker(known) })];
};

/** It never left, so there is nothing to do: only whoever asked for this very order hears of it. */
export const released: Voice<EventOf<"order.released">> = (event, seq, _at, context) => {
  const known = context.memory.orders.get(event.order);
  if (!known?.asked) return [];
  const said = card({
    headline: `NOT SENT ${named(event.order, known)}`,
    lines: [`It never left the desk: ${event.why}`, "Nothing is open.", tail(event.order)],
    buttons: [ORDERS],
    event: eventId(seq),
  });
  return [alert({ card: said, topic: "reply-only", ...toAsker(known) })];
};

export const absent: Voice<EventOf<"order.absent">> = (event, seq, _at, context) => {
  const known = context.memory.orders.get(event.order);
  const said = card({
    headline: `NOT PLACED ${named(event.order, known)}`,
    lines: [
      `A whole search of ${event.product} did not find it. Nothing is open.`,
      tail(event.order),
    ],
    buttons: [ORDERS],
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents", ...toAsker(known) })];
};

/** Only a cancel that somebody asked for by name is announced: those of a pause or a kill speak through it. */
export const cancelAsked: Voice<EventOf<"order.cancel-asked">> = (event, seq, _at, context) => {
  if (event.by === null || event.why !== "asked") return [];
  const said = card({
    headline: `Cancelling ${named(event.order, context.memory.orders.get(event.order))}`,
    lines: [`Asked by ${event.by.name}. It may still fill until the venue says it is over.`],
    buttons: [ORDERS],
    event: eventId(seq),
  });
  return [alert({ card: said, key: orderKey(event.order), edit: true, replyTo: event.by.room })];
};

/** A whole fill has spoken already; the many cancels of a kill are counted in its own message. */
export const closed: Voice<EventOf<"order.closed">> = (event, seq, _at, context) => {
  const { kill, orders } = context.memory;
  const known = orders.get(event.order);
  const some = event.executed.size > 0n;
  if (event.why === "filled") return [];
  const killing = kill !== null && !kill.over;
  if (known?.hushed) return [];
  if (event.why === "cancelled" && !some && killing && !known?.asked) return [];
  const said = card({
    headline: `${named(event.order, known)} ${event.why}${some ? "" : ", nothing filled"}`,
    mark: event.why === "failed" ? "⚠️" : "",
    lines: [some ? partly(event) : null, event.detail, known?.plan.strategy ?? tail(event.order)],
    buttons: some ? [button("Position", "/positions"), ORDERS] : [ORDERS],
    event: eventId(seq),
  });
  const failed = event.why === "failed";
  return [
    alert({
      card: said,
      priority: failed ? "P1" : "P2",
      topic: failed ? "incidents" : "activity",
      replyTo: known?.cancelBy?.room ?? null,
      under: orderKey(event.order),
      ...toAsker(known),
    }),
  ];
};

/** It was taken back, unfilled, so that another might follow, and none did. */
export function unfollowed(order: OrderId, seq: number, context: AlertContext): Alert {
  const known = context.memory.orders.get(order);
  const said = card({
    headline: `${named(order, known)} ended; no order follows`,
    lines: ["It was taken back to follow the price.", known?.plan.strategy ?? tail(order)],
    buttons: [ORDERS],
    event: eventId(seq),
  });
  const under = orderKey(announced(order, context));
  return alert({ card: said, part: "unfollowed", under, ...toAsker(known) });
}

/** The first order of its decision: the only one whose placing is told. */
function announced(order: OrderId, context: AlertContext): OrderId {
  const before = context.memory.orders.get(order)?.plan.replaces;
  return before === undefined ? order : announced(before, context);
}

function partly(event: EventOf<"order.closed">): string {
  const { size, value, fees } = event.executed;
  const of = `${units(size)} of ${units(event.orderSize)} ${baseOf(event.product)}`;
  return `Filled ${of} @ ${price(priceOf(value, size))} · ${money(value)}, fee ${money(fees)}`;
}
