/** The trades of paper orders: one for each execution, under a name that no other has, also across restarts. */
// The names count up within an order. What the journal knew by name keeps it; what it knew only in sum becomes one trade.
import type { VenueOrderId } from "../../core/kernel/ids.ts";
import { minus, type Price, priceOf, sum } from "../../core/kernel/money.ts";
import type { Instant } from "../../core/kernel/time.ts";
import type { Executed, Order, Plan, Trade } from "../../core/order/state.ts";

/** What an order got at one price, and as whom. */
export interface Execution extends Executed {
  readonly price: Price;
  readonly liquidity: "maker" | "taker" | null;
}

interface Holder {
  readonly plan: Plan;
  readonly venueId: VenueOrderId;
  readonly trades: readonly Trade[];
}

/** The next trade of an order. */
export function tradeOf(order: Holder, by: Execution, at: Instant): Trade {
  return { ...head(order, at), ...figures(by), entry: nextEntry(order) };
}

/** What an order had executed before a restart: by entry what is known so, the rest as one. */
export function tradesBefore(
  { plan, executed, endedAt, trades }: Order,
  venueId: VenueOrderId,
): readonly Trade[] {
  const at = endedAt ?? plan.plannedAt;
  const known = [...trades].map(([entry, by]): Trade => {
    const price = by.size > 0n ? priceOf(by.value, by.size) : plan.limit;
    const row = { ...head({ plan, venueId }, at), ...figures({ ...by, price, liquidity: null }) };
    return { ...row, entry };
  });
  const holder = { plan, venueId, trades: known };
  const size = minus(executed.size, sum(known.map((each) => each.size)));
  if (size <= 0n) return known;
  const value = minus(executed.value, sum(known.map((each) => each.value)));
  const fees = minus(executed.fees, sum(known.map((each) => each.fee)));
  const rest = { size, value, fees, price: priceOf(value, size), liquidity: null };
  return [...known, tradeOf(holder, rest, at)];
}

function nextEntry({ venueId, trades }: Holder): string {
  const taken = new Set(trades.map(({ entry }) => entry));
  for (let count = trades.length + 1; ; count += 1) {
    const entry = `${venueId}-${count}`;
    if (!taken.has(entry)) return entry;
  }
}

type Head = Pick<Trade, "order" | "venueId" | "product" | "side" | "at" | "adjustment">;

const head = ({ plan, venueId }: Omit<Holder, "trades">, at: Instant): Head => ({
  order: plan.id,
  venueId,
  product: plan.product,
  side: plan.side,
  at,
  adjustment: false,
});

const figures = ({ price, size, value, fees, liquidity }: Execution) => ({
  price,
  size,
  value,
  fee: fees,
  liquidity,
});
