/** A typical book to decide by: three products, two of them held, some orders open, an hour of orders behind it, every cap set. */
import { evolve } from "../src/core/engine/evolve.ts";
import type { State } from "../src/core/engine/state.ts";
import {
  intentId,
  orderId,
  type ProductId,
  productId,
  venueOrderId,
} from "../src/core/kernel/ids.ts";
import { price, quote, size } from "../src/core/kernel/money.ts";
import { type Instant, instant, later } from "../src/core/kernel/time.ts";
import type { Plan } from "../src/core/order/state.ts";
import type { Position } from "../src/core/portfolio/position.ts";
import type { Policy, ProductLimits } from "../src/core/risk/limits.ts";
import type { Intent } from "../src/core/strategy/intent.ts";
import { DeskScript, listing, POLICY, PRODUCT } from "../test/kit/desk-script.ts";

const IDS = ["BTC-USD", "ETH-USD", "SOL-USD"].map(productId);
const [BTC] = IDS as [ProductId];
const ENDED = 120;
const OPEN = 6;

const LIMITS: ProductLimits = {
  max_position_notional_usd: quote("5000"),
  max_position_units: size("60"),
  max_order_notional_usd: quote("500"),
  max_leverage: 1,
  max_slippage_bps: 15,
  cooldown_seconds: 5,
  max_order_equity_pct: 10,
  max_position_equity_pct: 60,
  max_open_orders: 6,
  min_depth_multiple: 2,
  cooldown_after_stop_seconds: 60,
  duplicate_window_seconds: 30,
  min_edge_multiple: 0.5,
  max_move_bps_per_minute: 200,
};

/** Every cap is set, and far enough away that nothing is refused. */
const FULL: Policy = {
  ...POLICY,
  portfolio: {
    max_gross_notional_usd: quote("8000"),
    max_net_notional_usd: quote("8000"),
    max_daily_loss_usd: quote("500"),
    max_drawdown_usd: quote("900"),
    max_orders_per_minute: 60,
    max_daily_loss_pct: 9,
    max_realized_loss_24h_usd: quote("500"),
    max_drawdown_pct: 9,
    max_exposure_pct: 90,
    max_strategy_notional_usd: quote("8000"),
    min_quote_reserve_usd: quote("100"),
    max_orders_per_second: 10,
    max_orders_per_day: 5000,
    max_turnover_per_day_usd: quote("1000000"),
    max_cancels_per_minute: 30,
    max_open_orders: 30,
  },
  per_symbol: new Map(IDS.map((id) => [id, LIMITS])),
  circuit_breakers: {
    ...POLICY.circuit_breakers,
    errors_per_5_minutes: 20,
    identical_rejects: 3,
    unknown_orders: 3,
    volatility_bps_per_minute: 300,
  },
  event_lockouts: ["first", "second"].map((name, nth) => ({
    name,
    enabled: true,
    from: 60 * nth,
    to: 60 * nth + 30,
    days: [0, 1, 2, 3, 4, 5, 6],
  })),
  session_windows: [
    { name: "day", enabled: true, from: 480, to: 1320, days: [0, 1, 2, 3, 4, 5, 6] },
  ],
  allowed: { products: IDS, order_types: ["market_ioc", "limit_gtc"] },
};

const planOf = (nth: number, product: ProductId, at: Instant): Plan => ({
  id: orderId(`testdesk-bench-${nth}`),
  intent: intentId(`bench|${nth}`),
  strategy: "puppet",
  product,
  side: "buy",
  purpose: "entry",
  size: size(`0.${String(nth + 10).padStart(3, "0")}`),
  limit: price("99.5"),
  timeInForce: "gtc",
  reference: price("100.01"),
  plannedAt: at,
  validUntil: later(at, 60_000),
  stopBps: 40,
  takeBps: 200,
});

export interface Book {
  readonly state: State;
  readonly at: Instant;
  /** Passes every rule. */
  readonly good: Intent;
  /** Is refused by many. */
  readonly bad: Intent;
}

export function typicalBook(): Book {
  const desk = DeskScript.ready(FULL, { products: IDS });
  const products = IDS.map((id) => ({ ...PRODUCT, id }));
  const coins = IDS.map((id) => ({
    currency: id.slice(0, 3),
    available: size("20"),
    hold: size("0"),
  }));
  const cash = { currency: "USD", available: size("8000"), hold: size("0") };
  desk.put({ kind: "venue.listed", listing: listing({ products, balances: [cash, ...coins] }) });
  const until = desk.now + 90_000;
  while (desk.now < until) prices(desk.wait(900).alive());
  history(desk);
  for (const product of IDS.slice(1))
    desk.state.desk.positions.set(product, heldOf(product, desk.now));
  desk.put({ kind: "clock.measured", aheadMs: 12 });
  desk.put({ kind: "clock.ticked", leading: true, unwrittenMs: 0 });
  const at = instant(desk.now);
  desk.listed({ products });
  const { id, limit, plannedAt: _, intent: __, ...plan } = planOf(999, BTC, at);
  const named = {
    id: intentId(`wish|${id}`),
    at,
    because: "measured",
    timeInForce: "ioc",
  } as const;
  const good = { ...plan, ...named, limit: price("100.01") };
  const bad = { ...good, size: size("900"), limit: price("140"), takeBps: 10 };
  return { state: desk.state, at, good, bad };
}

const heldOf = (product: ProductId, now: number): Position => ({
  product,
  size: size("5"),
  cost: quote("499"),
  realized: quote("0"),
  fees: quote("2.99"),
  openedAt: instant(now - 600_000),
  strategy: "puppet",
  stop: price("95"),
  take: price("110"),
});

function prices(desk: DeskScript): void {
  const levels = (from: number, step: number) =>
    Array.from({ length: 10 }, (_, nth) => ({
      price: price((from + nth * step).toFixed(2)),
      size: size("40"),
    }));
  for (const product of IDS) {
    const depth = { bids: levels(99.99, -0.01), asks: levels(100.01, 0.01) };
    desk.put({ kind: "market.depth", product, depth });
  }
}

/** Orders of the last hour that are over, and those that are open. */
function history(desk: DeskScript): void {
  const say = (body: Parameters<typeof evolve>[1]["body"], at: Instant): void =>
    evolve(desk.state.desk, { seq: desk.state.desk.seq + 1, at, body });
  for (let nth = 0; nth < ENDED + OPEN; nth += 1) {
    const at = instant(desk.now - 60_000 - (ENDED + OPEN - nth) * 20_000);
    const product = IDS[nth % IDS.length] ?? BTC;
    const plan = planOf(nth, product, at);
    const order = plan.id;
    say({ kind: "order.planned", plan, because: "", by: null }, at);
    say({ kind: "order.acknowledged", order, venueId: venueOrderId(`v-${order}`) }, at);
    if (nth >= ENDED) continue;
    const executed = { size: size("0"), value: quote("0"), fees: quote("0") };
    const over = { order, product, detail: "", executed, orderSize: plan.size } as const;
    say({ kind: "order.closed", why: "cancelled", ...over }, at);
    say({ kind: "order.settled", order, product, trades: 0, executed }, at);
  }
}
