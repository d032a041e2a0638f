/** A product at stake without a price while the stream itself speaks: its stop is not watched, and people must know. */
import { type AlertContext, alert, type Voice } from "../src/chat/alert.ts";
import { priceRoll } from "../src/chat/alert-memory.ts";
import { button, card } from "../src/chat/compose.ts";
import { eventId } from "../src/chat/event-id.ts";
import { age, many, price } from "../src/chat/format.ts";
import { holdingText } from "../src/chat/glance.ts";
import type { EventOf } from "../src/core/engine/event.ts";
import type { ProductId } from "../src/core/kernel/ids.ts";

const BUTTONS = [button("Status", "/status"), button("Pause", "/pause")];

/** A silence that comes back within half an hour is one message with a count. */
function rolling(product: ProductId, seq: number, { memory }: AlertContext) {
  const roll = memory.rolls.get(priceRoll(product));
  return { key: `${priceRoll(product)}:${roll?.root ?? seq}`, count: roll?.count ?? 1 };
}

export const lost: Voice<EventOf<"price.lost">> = (event, seq, at, context) => {
  const { clock } = context;
  const { product, silentMs, holding, openOrders } = event;
  const { key, count } = rolling(product, seq, context);
  const stop = holding?.stop ?? null;
  const said = card({
    headline: `${product} HAS NO PRICE for ${age(silentMs)}${count > 1 ? ` · ${count} times` : ""}`,
    mark: "⚠️",
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. The stream itself speaks.`,
      holding === null
        ? null
        : `Holding ${holdingText(holding)}. ${stop === null ? "It has no stop." : `Its stop ${price(stop)} is not watched meanwhile.`}`,
      openOrders === 0 ? null : `${many(openOrders, "order")} open at the venue.`,
      "Look at the venue's status page; /flatten works when a price is back.",
    ],
    buttons: BUTTONS,
    event: eventId(seq),
  });
  return [alert({ card: said, priority: "P1", topic: "incidents", key, edit: count > 1 })];
};

export const recovered: Voice<EventOf<"price.recovered">> = (event, seq, at, context) => {
  const { clock } = context;
  const { product, silentMs } = event;
  const { key, count } = rolling(product, seq, context);
  const said = card({
    headline: `${product} has a price again after ${age(silentMs)}`,
    lines: [
      `${clock.seconds(at)} ${clock.zone(at)}. Its stop is watched.`,
      count > 1 ? `Without a price ${count} times` : null,
    ],
    buttons: BUTTONS,
    event: eventId(seq),
  });
  const common = { card: said, priority: "P1", topic: "incidents" } as const;
  if (count > 1) return [alert({ ...common, key, edit: true })];
  return [alert({ ...common, under: key })];
};
