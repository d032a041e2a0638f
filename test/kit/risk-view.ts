/** One entry and one view that every rule lets pass, with every cap of the policy set: tests change what they are about. */
import { intentId, orderId, venueOrderId } from "../../src/core/kernel/ids.ts";
import { NO_QUOTE, NO_SIZE, price, quote, rate, size } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { Order, Plan } from "../../src/core/order/state.ts";
import { type Decision, gate } from "../../src/core/risk/gate.ts";
import type { Policy, ProductLimits } from "../../src/core/risk/limits.ts";
import type { RiskView, Rule } from "../../src/core/risk/rule.ts";
import type { RuleName, Veto } from "../../src/core/risk/veto.ts";
import type { Intent } from "../../src/core/strategy/intent.ts";
import { BTC, POLICY, PRODUCT, START } from "./desk-script.ts";

/** Buys 1 BTC at 100.10 at most: worth $100.10. */
export const INTENT: Intent = {
  id: intentId("s|BTC-USD|1|long"),
  strategy: "s",
  product: BTC,
  side: "buy",
  purpose: "entry",
  size: size("1"),
  limit: price("100.1"),
  reference: price("100"),
  timeInForce: "ioc",
  at: START,
  validUntil: later(START, 5000),
  because: "",
  stopBps: 40,
  takeBps: 500,
};

/** Sells all that `HOLDING` holds. */
export const EXIT = {
  side: "sell",
  purpose: "stop",
  limit: price("99.85"),
  size: size("1"),
} as const satisfies Partial<Intent>;
export const HOLDING = { held: size("1") } as const satisfies Partial<RiskView>;

const LIMITS: ProductLimits = {
  max_position_notional_usd: quote("1000"),
  max_position_units: size("10"),
  max_order_notional_usd: quote("500"),
  max_leverage: 1,
  max_slippage_bps: 15,
  cooldown_seconds: 5,
  max_order_equity_pct: 5,
  max_position_equity_pct: 10,
  max_open_orders: 3,
  min_depth_multiple: 2,
  cooldown_after_stop_seconds: 60,
  duplicate_window_seconds: 30,
  min_edge_multiple: 1.5,
  max_move_bps_per_minute: 200,
};

/** Every cap is set. */
export const CAPPED: Policy = {
  ...POLICY,
  portfolio: {
    max_gross_notional_usd: quote("5000"),
    max_net_notional_usd: quote("2500"),
    max_daily_loss_usd: quote("150"),
    max_drawdown_usd: quote("300"),
    max_orders_per_minute: 12,
    max_daily_loss_pct: 5,
    max_realized_loss_24h_usd: quote("200"),
    max_drawdown_pct: 10,
    max_exposure_pct: 40,
    max_strategy_notional_usd: quote("2000"),
    min_quote_reserve_usd: quote("1000"),
    max_orders_per_second: 2,
    max_orders_per_day: 100,
    max_turnover_per_day_usd: quote("20000"),
    max_cancels_per_minute: 20,
    max_open_orders: 5,
  },
  per_symbol: new Map([[BTC, LIMITS]]),
  circuit_breakers: {
    ...POLICY.circuit_breakers,
    errors_per_5_minutes: 10,
    identical_rejects: 3,
    unknown_orders: 3,
    volatility_bps_per_minute: 300,
  },
};

export const VIEW: RiskView = {
  at: START,
  trading: "active",
  reconciled: true,
  everReconciled: true,
  policy: CAPPED,
  product: PRODUCT,
  quote: {
    bid: price("99.99"),
    ask: price("100"),
    bidSize: size("1"),
    askSize: size("1"),
    at: START,
  },
  heardAt: START,
  checked: { offBps: 0, at: START },
  depth: {
    bids: [{ price: price("99.99"), size: size("10") }],
    asks: [
      { price: price("100"), size: size("1") },
      { price: price("100.1"), size: size("1") },
      { price: price("101"), size: size("10") },
    ],
    at: START,
  },
  exposure: { byProduct: new Map(), gross: NO_QUOTE, net: NO_QUOTE },
  held: NO_SIZE,
  pendingSales: NO_SIZE,
  pendingBuys: NO_SIZE,
  freeQuote: quote("10000"),
  takerRate: rate("0.006"),
  equity: quote("10000"),
  ordersLastSecond: 0,
  ordersLastMinute: 0,
  lastEntryAt: null,
  unknownHere: 0,
  externalHere: 0,
  mode: "live",
  armed: true,
  leading: true,
  unwrittenMs: 0,
  policyApproved: true,
  accountMs: 0,
  listedMs: 0,
  marketMs: 0,
  own: [],
  openOrders: 0,
  lately: [],
  ordersToday: 0,
  turnoverToday: NO_QUOTE,
  liveCost: NO_QUOTE,
  cancelsLastMinute: 0,
  sameRefusals: null,
  byStrategy: new Map(),
  dayClosed: NO_QUOTE,
  dayNet: NO_QUOTE,
  dayOpening: quote("10000"),
  realized24h: NO_QUOTE,
  peak: quote("10000"),
  drawdown: NO_QUOTE,
  lossStreak: 0,
  rejectStreak: 0,
  lastStopAt: null,
  errorsLately: 0,
  unknownTotal: 0,
  drifting: false,
  moveBps: 10,
  confirmed: false,
  live: true,
  clockAheadMs: 0,
};

/** The sample policy with some caps of the product or of the breakers changed. */
export const limits = (changes: Partial<ProductLimits>): Policy => ({
  ...CAPPED,
  per_symbol: new Map([[BTC, { ...LIMITS, ...changes }]]),
});
export const breakers = (changes: Partial<Policy["circuit_breakers"]>): Policy => ({
  ...CAPPED,
  circuit_breakers: { ...CAPPED.circuit_breakers, ...changes },
});

export const exposed = (worth: string) => ({
  byProduct: new Map([[BTC, quote(worth)]]),
  gross: quote(worth),
  net: quote(worth),
});

/** A plan just like the sample entry, of another decision. */
export const planned = (changes: Partial<Plan> = {}): Plan => {
  const { id, at, because, ...same } = INTENT;
  return {
    ...same,
    id: orderId(`testdesk-${id.length}`),
    intent: intentId("s|BTC-USD|0|long"),
    plannedAt: at,
    ...changes,
  };
};

/** An order of ours that rests at the venue. */
export const resting = (changes: Partial<Plan> = {}): Order => ({
  plan: planned({ timeInForce: "gtc", ...changes }),
  submission: "acknowledged",
  progress: "open",
  executed: { size: NO_SIZE, value: NO_QUOTE, fees: NO_QUOTE },
  trades: new Map(),
  settled: false,
  quarantine: null,
  endedAt: null,
  venueId: venueOrderId("v-1"),
  cancelAskedAt: null,
  attempts: 1,
  attemptedAt: START,
});

export const judged = (
  view: Partial<RiskView>,
  intent: Partial<Intent> = {},
  rules?: readonly Rule[],
): Decision => gate({ ...INTENT, ...intent }, { ...VIEW, ...view }, rules);

export const vetoesOf = (
  view: Partial<RiskView>,
  intent: Partial<Intent> = {},
): readonly Veto[] => {
  const decision = judged(view, intent);
  return decision.ok ? [] : decision.vetoes;
};

export const refusing = (view: Partial<RiskView>, intent: Partial<Intent> = {}): RuleName[] =>
  vetoesOf(view, intent).map(({ rule }) => rule);
