/** /orders: what is open at the venue or not yet known to be. */
import type { Card } from "../src/chat/card.ts";
import { type Command, READ_FRESH } from "../src/chat/command.ts";
import { button, card } from "../src/chat/compose.ts";
import { age, many, money, price, units } from "../src/chat/format.ts";
import type { DeskView, OrderView } from "../src/core/engine/views.ts";
import { baseOf } from "../src/core/kernel/ids.ts";

export const orders: Command = {
  words: "orders",
  usage: "/orders [product]",
  help: "open and unknown orders, with their ids",
  role: "viewer",
  direction: "read",
  freshness: READ_FRESH,
  parse: ([product, ...more]) =>
    more.length === 0
      ? { ask: (view) => ordersCard(view, product?.toUpperCase() ?? null) }
      : { usage: "/orders or /orders BTC-USD" },
};

function ordersCard(view: DeskView, product: string | null): Card {
  const shown = view.orders.filter((order) => product === null || order.product === product);
  const unknown = shown.filter((order) => order.state === "unknown").length;
  const of = product === null ? "" : ` of ${product}`;
  const headline =
    shown.length === 0
      ? `No open orders${of}`
      : `${many(shown.length, "order")}${of}${unknown > 0 ? ` · ${unknown} unknown` : ""}`;
  return card({
    headline,
    mark: unknown > 0 ? "⚠️" : "",
    lines: shown.map(orderLine),
    buttons: [button("Refresh", "/orders")],
  });
}

function orderLine(order: OrderView): string {
  const filled = order.filled > 0n ? `, ${units(order.filled)} filled` : "";
  const what = `${order.side.toUpperCase()} ${howMuch(order)}`;
  return `${what} · ${order.state}${filled} · ${age(order.ageMs)} · …${order.id.slice(-6)}`;
}

function howMuch({ size, spend, limit, product }: OrderView): string {
  const base = baseOf(product);
  if (spend !== null) return `${money(spend)} of ${base} at the market`;
  return `${units(size)} ${base}${limit === null ? "" : ` @ ${price(limit)}`}`;
}
