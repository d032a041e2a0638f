/** Shared by the tests of the HTTP adapter: a view of a desk, and events about it. */
import type { Event, EventBody, EventOf } from "../../../src/core/engine/event.ts";
import type { DeskView } from "../../../src/core/engine/views.ts";
import {
  intentId,
  type OrderId,
  orderId,
  type ProductId,
  productId,
} from "../../../src/core/kernel/ids.ts";
import { NO_QUOTE, price, quote, size } from "../../../src/core/kernel/money.ts";
import { instant } from "../../../src/core/kernel/time.ts";
import type { Plan, Side } from "../../../src/core/order/state.ts";

export const AT = instant(1_795_000_000_000);
const BTC: ProductId = productId("BTC-USD");
const ORDER: OrderId = orderId("nyc1nyc1-1");

export const GLANCE = {
  dayNet: NO_QUOTE,
  dayClosed: NO_QUOTE,
  dayOpen: NO_QUOTE,
  dayLimit: null,
  equity: quote("4982.40"),
  gross: NO_QUOTE,
  grossLimit: null,
};

export const view = (over: Partial<DeskView> = {}): DeskView => ({
  at: AT,
  mode: "paper",
  name: "nyc1",
  trading: "active",
  paused: null,
  pauses: [],
  halted: null,
  killed: null,
  reconciled: true,
  glance: GLANCE,
  positions: [],
  orders: [],
  limits: [],
  waiting: [],
  suspended: [],
  distrusted: [],
  duty: [],
  routes: [],
  stage: null,
  policyVersion: 1,
  breakers: [
    {
      breaker: "daily-loss",
      product: null,
      tripped: null,
      now: { observed: "0", limit: "150", unit: "usd" },
      holds: false,
      nearness: 0,
    },
    {
      breaker: "throttled",
      product: null,
      tripped: { breaker: "throttled", at: AT, observed: "21", limit: "20", unit: "count" },
      now: { observed: "21", limit: "20", unit: "count" },
      holds: true,
      nearness: 1.05,
    },
  ],
  feeds: [
    { stream: "market", ageMs: 400 },
    { stream: "user", ageMs: null },
  ],
  clockAheadMs: 120,
  markets: [
    {
      product: BTC,
      decision: null,
      entry: quote("100"),
      riskFactor: 0.8,
      bid: price("65000"),
      ask: price("65013"),
      mid: price("65006.5"),
      spreadBps: 2,
      ageMs: 400,
      depth: {
        top1: { bids: quote("15574"), asks: quote("18901") },
        top10: { bids: quote("46483"), asks: quote("126690") },
      },
      buying: { average: price("65020"), slippageBps: 1.5, whole: true },
      selling: null,
      volume: { oneMinute: null, fiveMinutes: null },
      range: null,
      bars: { count: 9, whole: true },
    },
  ],
  silent: [],
  fills: [],
  pending: [],
  counts: { fills: 0, vetoes: 0, trips: 0, orders: 0 },
  ...over,
});

const plan = (side: Side, over: Partial<Plan> = {}): Plan => ({
  id: ORDER,
  intent: intentId("i1"),
  strategy: "ma-cross",
  product: BTC,
  side,
  purpose: "entry",
  size: size("0.001"),
  limit: price("65100"),
  timeInForce: "ioc",
  reference: price("65000"),
  plannedAt: AT,
  validUntil: AT,
  stopBps: null,
  takeBps: null,
  ...over,
});

export const planned = (side: Side, over: Partial<Plan> = {}): EventBody => ({
  kind: "order.planned",
  plan: plan(side, over),
  because: "crossed up",
  by: null,
});

export const vetoed = (): EventBody => ({
  kind: "intent.vetoed",
  intent: { ...plan("buy"), id: intentId("i2"), at: AT, because: "crossed up" },
  vetoes: [
    { rule: "spread", observed: "62", limit: "50", unit: "bps", missing: null },
    { rule: "cooldown", observed: "3", limit: "120", unit: "s", missing: null },
  ],
});

/** A fill of 0.001 BTC worth `value`, decided at 65,000. */
export const filled = (side: Side, value: string): EventOf<"order.filled"> => ({
  kind: "order.filled",
  order: ORDER,
  product: BTC,
  side,
  strategy: "ma-cross",
  purpose: "entry",
  size: size("0.001"),
  value: quote(value),
  fee: NO_QUOTE,
  executed: { size: size("0.001"), value: quote(value), fees: NO_QUOTE },
  orderSize: size("0.001"),
  reference: price("65000"),
  position: null,
  realized: NO_QUOTE,
  result: null,
  glance: GLANCE,
});

export const rejected = (reason: string): EventBody => ({
  kind: "order.rejected",
  order: ORDER,
  product: BTC,
  side: "buy",
  reason,
  message: "",
});

export const event = (seq: number, body: EventBody): Event => ({ seq, at: AT, body });
