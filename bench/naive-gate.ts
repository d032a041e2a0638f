/** What a bot without a gate of this kind usually has: five checks on floats, the first that fails decides. A baseline, not an example. */

export interface NaiveOrder {
  readonly side: "buy" | "sell";
  readonly size: number;
  readonly price: number;
}

export interface NaiveBook {
  readonly position: number;
  readonly cash: number;
  readonly ask: number;
  readonly ordersLastMinute: number;
  readonly dayLoss: number;
}

export function naiveGate(order: NaiveOrder, book: NaiveBook): string | null {
  const worth = order.size * order.price;
  if (worth > 500) return "order too large";
  if (book.position * book.ask + worth > 5000) return "position too large";
  if (worth > book.cash) return "not enough cash";
  if (book.ordersLastMinute >= 60) return "too many orders";
  if (book.dayLoss > 500) return "lost too much today";
  return null;
}
