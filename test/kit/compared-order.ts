/** One order's life as events, and the same order as the venue has it, for tests that compare the two. */
import type { EventBody } from "../../src/core/engine/event.ts";
import type { Listing } from "../../src/core/engine/input.ts";
import { venueOrderId } from "../../src/core/kernel/ids.ts";
import { price, quote, rate, size } from "../../src/core/kernel/money.ts";
import type { Observation, Trade } from "../../src/core/order/state.ts";
import type { Account } from "../../src/run/compare-order.ts";
import { BTC, filled, NOW, PLAN } from "./sample-desk.ts";

const VENUE_ID = venueOrderId("v-1");
export const WHOLE = { size: PLAN.size, value: quote("98.927832"), fees: quote("0.5935") };
export const NOTHING = { size: size("0"), value: quote("0"), fees: quote("0") };

export const planned: EventBody = { kind: "order.planned", plan: PLAN, because: "", by: null };
export const taken: EventBody = { kind: "order.acknowledged", order: PLAN.id, venueId: VENUE_ID };
export const open: EventBody = {
  kind: "order.progressed",
  order: PLAN.id,
  venueId: VENUE_ID,
  progress: "open",
};
export const closed: EventBody = {
  kind: "order.closed",
  order: PLAN.id,
  product: BTC,
  why: "filled",
  detail: "",
  executed: WHOLE,
  orderSize: PLAN.size,
};
export const trade = (over: Partial<Trade> = {}): Trade => ({
  entry: "e-1",
  order: PLAN.id,
  venueId: VENUE_ID,
  product: BTC,
  side: "buy",
  at: NOW,
  price: price("65084.1"),
  size: PLAN.size,
  value: WHOLE.value,
  fee: WHOLE.fees,
  liquidity: "taker",
  adjustment: false,
  ...over,
});
export const traded: EventBody = {
  kind: "order.traded",
  order: PLAN.id,
  product: BTC,
  trades: [trade()],
};
const settled: EventBody = {
  kind: "order.settled",
  order: PLAN.id,
  product: BTC,
  trades: 1,
  executed: WHOLE,
};
export const FILLED = [planned, taken, filled("0.00152"), closed];
export const SETTLED = [...FILLED, traded, settled];

export const observed = (over: Partial<Observation> = {}): Observation => ({
  order: PLAN.id,
  venueId: VENUE_ID,
  progress: "filled",
  executed: WHOLE,
  detail: "",
  source: "read",
  count: 1,
  ...over,
});
export const listed = (over: Partial<Listing> = {}): Listing => ({
  products: [],
  balances: [],
  orders: [],
  foreign: [],
  takerRate: rate("0"),
  makerRate: rate("0"),
  asOf: NOW,
  ...over,
});

export const account = (
  of: Partial<Observation> = {},
  trades: readonly Trade[] = [trade()],
): Account => ({
  observation: observed(of),
  trades,
});
