/** A short run's events, with amounts that a float would spoil. Numbers and times count up from one. */
import type { Requester } from "../../src/core/control/trading.ts";
import type { Event, EventBody } from "../../src/core/engine/event.ts";
import type { Glance } from "../../src/core/engine/glance.ts";
import {
  confirmationId,
  inboundId,
  intentId,
  orderId,
  personId,
  productId,
  roomId,
  venueOrderId,
} from "../../src/core/kernel/ids.ts";
import { price, quote, rate, size } from "../../src/core/kernel/money.ts";
import { instant } from "../../src/core/kernel/time.ts";
import type { Plan, Side } from "../../src/core/order/state.ts";

export const START = Date.UTC(2026, 10, 21, 14, 7, 5, 123);
export const at = (ms: number) => instant(START + ms);

const BTC = productId("BTC-USD");

export const ana: Requester = {
  person: personId("ana"),
  name: "Ana",
  room: roomId("console:local"),
  inbound: inboundId("console:1"),
};

const glance: Glance = {
  dayNet: quote("-3.1"),
  dayClosed: quote("-2.51"),
  dayOpen: quote("-0.59"),
  dayLimit: quote("-150"),
  equity: quote("4982.40"),
  gross: quote("99.000000000000000001"),
  grossLimit: null,
};

export function plan(name: string, side: Side = "buy"): Plan {
  return {
    id: orderId(`nyc1abcd-${name}`),
    intent: intentId(`ma-cross|BTC-USD|${name}`),
    strategy: "ma-cross",
    product: BTC,
    side,
    purpose: side === "buy" ? "entry" : "signal-exit",
    size: size("0.00152"),
    limit: price("65100.01"),
    timeInForce: "ioc",
    reference: price("65084.10"),
    plannedAt: at(0),
    validUntil: at(60_000),
    stopBps: 40,
    takeBps: null,
  };
}

/** Events from number `first` on, a second apart. */
export const numbered = (first: number, bodies: readonly EventBody[]): readonly Event[] =>
  bodies.map((body, index) => ({ seq: first + index, at: at((first + index) * 1000), body }));

export const paused = (reason: string): EventBody => ({
  kind: "trading.paused",
  latch: { at: at(0), by: ana, reason },
});

export const planned = (name: string, side: Side = "buy"): EventBody => ({
  kind: "order.planned",
  plan: plan(name, side),
  because: "fast above slow",
  by: null,
});

const filled = (name: string, side: Side): EventBody => ({
  kind: "order.filled",
  order: plan(name).id,
  product: BTC,
  side,
  strategy: "ma-cross",
  purpose: side === "buy" ? "entry" : "signal-exit",
  size: size("0.00152"),
  value: quote("98.927832000000000001"),
  fee: quote("0.593566992"),
  executed: {
    size: size("0.00152"),
    value: quote("98.927832000000000001"),
    fees: quote("0.593566992"),
  },
  orderSize: size("0.00152"),
  reference: price("65084.10"),
  position:
    side === "sell"
      ? null
      : {
          product: BTC,
          size: size("0.00152"),
          cost: quote("98.927832000000000001"),
          realized: quote("0"),
          fees: quote("0.593566992"),
          openedAt: at(0),
          strategy: "ma-cross",
          stop: price("64823.76"),
          take: null,
        },
  realized: quote("0"),
  result: side === "sell" ? quote("-1.187133984") : null,
  glance,
});

const closed = (name: string): EventBody => ({
  kind: "order.closed",
  order: plan(name).id,
  product: BTC,
  why: "filled",
  detail: "",
  executed: {
    size: size("0.00152"),
    value: quote("98.927832000000000001"),
    fees: quote("0.593566992"),
  },
  orderSize: size("0.00152"),
});

const confirmation = {
  id: confirmationId("conf-0001"),
  code: "K7QF",
  proposal: { verb: "limits set", key: "max_daily_loss_usd", from: "150", to: "200" },
  by: ana,
  snapshot: { limit: "150" },
  openedAt: at(0),
  expiresAt: at(120_000),
} as const;

/** One of everything that has rows. */
export const aRun: readonly EventBody[] = [
  {
    kind: "venue.reconciled",
    products: [],
    balances: [
      { currency: "USD", available: size("4982.40"), hold: size("0") },
      { currency: "BTC", available: size("0.000000000000000001"), hold: size("0.1") },
    ],
    takerRate: rate("0.006"),
    makerRate: rate("0.004"),
    differences: [],
    first: true,
  },
  planned("a"),
  { kind: "order.acknowledged", order: plan("a").id, venueId: venueOrderId("v-1") },
  filled("a", "buy"),
  closed("a"),
  {
    kind: "intent.vetoed",
    intent: {
      ...plan("b"),
      id: intentId("ma-cross|BTC-USD|b"),
      at: at(0),
      because: "fast above slow",
    },
    vetoes: [{ rule: "spread", observed: "62", limit: "50", unit: "bps", missing: null }],
  },
  planned("c", "sell"),
  { kind: "order.unknown", order: plan("c").id, cause: "no answer" },
  { kind: "order.resent", order: plan("c").id, attempt: 2 },
  filled("c", "sell"),
  planned("d"),
  {
    kind: "order.rejected",
    order: plan("d").id,
    product: BTC,
    side: "buy",
    reason: "INSUFFICIENT_FUND",
    message: "",
  },
  planned("e"),
  { kind: "order.cancel-asked", order: plan("e").id, why: "kill", by: ana },
  {
    kind: "order.progressed",
    order: plan("e").id,
    venueId: venueOrderId("v-2"),
    progress: "cancelling",
  },
  planned("f"),
  { kind: "order.absent", order: plan("f").id, product: BTC },
  { kind: "risk.measured", glance, peak: quote("5000.000000000000000001"), positions: [] },
  { kind: "confirmation.opened", confirmation, detail: [] },
  { kind: "confirmation.closed", confirmation, outcome: "confirmed", by: ana, detail: "" },
  {
    kind: "breaker.tripped",
    trip: { breaker: "daily-loss", at: at(0), observed: "-151.20", limit: "-150", unit: "usd" },
    glance,
    holdings: [],
    openOrders: 0,
  },
];
