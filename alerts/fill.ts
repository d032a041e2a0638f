/**
 * Executions. A step of an order edits its message; the step that completes it is a new one, which rings, and so is one that
 * came after the order was taken for over.
 */
import { alert, type Voice } from "../src/chat/alert.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { basisPoints, money, outcome, price, units } from "../src/chat/format.ts";
import { dayLine } from "../src/chat/glance.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import { baseOf } from "../src/core/kernel/ids.ts";
import { minus, priceOf, type Rate, ratio } from "../src/core/kernel/money.ts";
import { orderKey, toAsker } from "./order-key.ts";

export const fill: Voice<EventOf<"order.filled">> = (event, seq, _at, { memory }) => {
  const whole = event.executed.size >= event.orderSize;
  const { late } = event;
  const side = event.side.toUpperCase();
  const coin = baseOf(event.product);
  const average = price(priceOf(event.executed.value, event.executed.size));
  const headline = whole
    ? `${side} filled ${units(event.executed.size)} ${coin} @ ${average}`
    : `${side} ${late === undefined ? "filling" : "filled"} ${units(event.executed.size)} of ${units(event.orderSize)} ${coin} @ ${average}`;
  const said = card({
    headline: late === undefined ? headline : `LATE: ${headline}`,
    mark: late === undefined ? "" : "⚠️",
    lines: [
      late === undefined
        ? null
        : `It came when the order was taken for over (${late}). It is booked.`,
      costLine(event),
      protection(event),
      dayLine(event.glance),
      author(event),
    ],
    buttons: [
      button("Position", "/positions"),
      button("Status", "/status"),
      button("Pause", "/pause"),
    ],
    event: eventId(seq),
  });
  const key = orderKey(event.order);
  const asker = toAsker(memory.orders.get(event.order));
  // The order's message has told its end: this one rings, however little it is.
  if (late !== undefined) {
    return [alert({ card: said, under: key, ...asker, priority: "P1", topic: "incidents" })];
  }
  if (!whole) return [alert({ card: said, key, edit: true })];
  return [alert({ card: said, under: key, ...asker })];
};

/** `$98.93 + fee $0.59 · slippage 1.2 bp`: of the whole order so far; a sale loses its fee. */
function costLine({ executed, side, reference }: EventOf<"order.filled">): string {
  const sign = side === "buy" ? "+" : "−";
  const average = priceOf(executed.value, executed.size);
  const worse = side === "buy" ? minus(average, reference) : minus(reference, average);
  const slippage =
    reference > 0n ? ` · slippage ${basisPoints(ratio(worse, reference) as Rate)}` : "";
  return `${money(executed.value)} ${sign} fee ${money(executed.fees)}${slippage}`;
}

/** What protects the position now, or what it made when the fill closed it. */
function protection(event: EventOf<"order.filled">): string | null {
  if (event.result !== null) return `Position closed: ${outcome(event.result)} after fees`;
  if (event.position === null) return null;
  const { stop, take } = event.position;
  if (stop === null && take === null) return "No stop, no take";
  const parts = [
    stop === null ? "No stop" : `Stop ${price(stop)}`,
    take === null ? "no take" : `take ${price(take)}`,
  ];
  return `${parts.join(" · ")} (active)`;
}

const author = ({ strategy, purpose }: EventOf<"order.filled">): string =>
  purpose === "entry" ? strategy : `${strategy} · ${purpose.replaceAll("-", " ")}`;
