/** Metrics: the frozen names, what counts where, and what is left out while it is not known. */
import { describe, expect, test } from "vitest";
import { createMetrics } from "../../../src/adapters/http/metrics.ts";
import type { EventBody } from "../../../src/core/engine/event.ts";
import type { DeskView } from "../../../src/core/engine/views.ts";
import { orderId, productId, venueOrderId } from "../../../src/core/kernel/ids.ts";
import { quote, size } from "../../../src/core/kernel/money.ts";
import { event, filled, planned, rejected, vetoed, view } from "./kit.ts";

const COUNTS = { delivered: 62, waiting: 1, failed: 0 };

function metricsOf(over: Partial<DeskView> = {}, mode = "paper") {
  const deliveries = () => Promise.resolve(COUNTS);
  return createMetrics({ mode, version: "0.1.0", view: () => view(over), deliveries });
}

/** The page's sample lines after these events. */
async function samples(bodies: readonly EventBody[], over: Partial<DeskView> = {}, mode?: string) {
  const metrics = metricsOf(over, mode);
  for (const [index, body] of bodies.entries()) metrics.hear(event(index + 1, body));
  return (await metrics.page()).split("\n").filter((line) => line !== "" && line[0] !== "#");
}

test("the names and labels of the metrics are frozen", async () => {
  const page = await metricsOf().page();
  const names = page.split("\n").flatMap((line) => /^# TYPE (\S+ \S+)/.exec(line)?.[1] ?? []);
  expect(names).toEqual([
    "bot_orders_total counter",
    "bot_decisions_total counter",
    "orders_submitted_total counter",
    "orders_rejected_total counter",
    "fills_total counter",
    "claudbot_late_fills_total counter",
    "claudbot_orders_released_total counter",
    "claudbot_orders_settled_total counter",
    "claudbot_orders_quarantined_total counter",
    "claudbot_balance_adjustments_total counter",
    "claudbot_external_orders_total counter",
    "slippage_bps_histogram histogram",
    "ws_disconnects_total counter",
    "risk_veto_total counter",
    "claudbot_bars_differed_total counter",
    "api_429_total counter",
    "claudbot_security_notices_total counter",
    "claudbot_journal_events_total counter",
    "bot_equity_usd gauge",
    "claudbot_trading_state gauge",
    "claudbot_circuit_breaker_state gauge",
    "claudbot_open_orders gauge",
    "claudbot_feed_age_seconds gauge",
    "claudbot_clock_ahead_seconds gauge",
    "claudbot_spread_bps gauge",
    "claudbot_entry_slippage_bps gauge",
    "claudbot_bars_whole gauge",
    "claudbot_volatility_risk_factor gauge",
    "claudbot_depth_usd gauge",
    "claudbot_deliveries gauge",
    "claudbot_build_info gauge",
  ]);
});

test("security notices are counted by kind", async () => {
  const body = {
    kind: "security.noticed",
    platform: "coinbase",
    what: "key-changed",
    count: 1,
    detail: "",
  } as const;
  expect(await samples([body, body])).toContain(
    'claudbot_security_notices_total{what="key-changed"} 2',
  );
});

test("what was proven, what was not, and what nothing explains is counted", async () => {
  const order = orderId("abcd1234-1");
  const product = productId("BTC-USD");
  const executed = { size: size("0"), value: quote("0"), fees: quote("0") };
  const foreign = {
    venueId: venueOrderId("x-1"),
    product,
    clientId: "",
    side: "buy",
    live: true,
    worth: null,
  } as const;
  const gap = { kind: "balance.adjusted", currency: "BTC", gap: size("1"), worth: null } as const;
  const lines = await samples([
    { kind: "order.released", order, product, side: "buy", why: "stale" },
    { kind: "order.traded", order, product, trades: [] },
    { kind: "order.settled", order, product, trades: 0, executed },
    { kind: "order.settled", order, product, trades: 0, executed },
    { kind: "order.quarantined", order, product, why: "unproven", detail: "" },
    { ...gap, sort: "pending" },
    { ...gap, sort: "dust" },
    { kind: "external.seen", foreign },
    { kind: "external.gone", foreign },
    { ...filled("buy", "65.01"), late: "cancelled" },
    filled("buy", "65.01"),
  ]);
  expect(lines).toEqual(
    expect.arrayContaining([
      'claudbot_orders_released_total{product="BTC-USD"} 1',
      'claudbot_orders_settled_total{product="BTC-USD"} 2',
      'claudbot_orders_quarantined_total{why="unproven"} 1',
      'claudbot_balance_adjustments_total{currency="BTC",sort="pending"} 1',
      'claudbot_balance_adjustments_total{currency="BTC",sort="dust"} 1',
      'claudbot_external_orders_total{product="BTC-USD"} 1',
      'claudbot_late_fills_total{product="BTC-USD"} 1',
      'fills_total{product="BTC-USD"} 2',
    ]),
  );
});

test("every line of the page is valid exposition text", async () => {
  const metrics = metricsOf();
  metrics.hear(event(1, filled("buy", "65.01")));
  metrics.throttled("orders");
  const sample =
    /^[a-z_]\w*(\{[a-z_]\w*="[^"\n]*"(,[a-z_]\w*="[^"\n]*")*\})? (-?[\d.e+-]+|[+-]Inf|NaN)$/i;
  for (const line of (await metrics.page()).trimEnd().split("\n")) {
    expect(line === "" || /^# (HELP|TYPE) \S+ .+$/.test(line) || sample.test(line)).toBe(true);
  }
});

test("a planned order counts as order, as submitted and as decision", async () => {
  const lines = await samples([planned("buy"), planned("sell", { purpose: "signal-exit" })]);
  expect(lines).toEqual(
    expect.arrayContaining([
      'bot_orders_total{mode="paper",side="BUY"} 1',
      'bot_orders_total{mode="paper",side="SELL"} 1',
      'bot_decisions_total{signal="buy"} 1',
      'bot_decisions_total{signal="sell"} 1',
      'orders_submitted_total{product="BTC-USD",side="buy",type="market_ioc"} 1',
    ]),
  );
});

test("a stop is an order and no decision of the strategy; a resting order is limit_gtc", async () => {
  const lines = await samples([planned("sell", { purpose: "stop", timeInForce: "gtc" })]);
  expect(lines.join("\n")).not.toContain("bot_decisions_total{");
  expect(lines).toContain(
    'orders_submitted_total{product="BTC-USD",side="sell",type="limit_gtc"} 1',
  );
});

test("live orders are labelled live, those of any other profile paper", async () => {
  expect(await samples([planned("buy")], {}, "live")).toContain(
    'bot_orders_total{mode="live",side="BUY"} 1',
  );
  expect(await samples([planned("buy")], {}, "demo")).toContain(
    'bot_orders_total{mode="paper",side="BUY"} 1',
  );
});

test("every rule that refused an intent counts, and the decision once", async () => {
  const lines = await samples([vetoed()]);
  expect(lines).toEqual(
    expect.arrayContaining([
      'risk_veto_total{rule="spread"} 1',
      'risk_veto_total{rule="cooldown"} 1',
      'bot_decisions_total{signal="buy"} 1',
    ]),
  );
});

test("the venue's code is a label, its prose is not", async () => {
  const lines = await samples([rejected("INSUFFICIENT_FUND"), rejected("no, because of reasons")]);
  expect(lines).toEqual(
    expect.arrayContaining([
      'orders_rejected_total{reason="INSUFFICIENT_FUND"} 1',
      'orders_rejected_total{reason="other"} 1',
    ]),
  );
});

describe("slippage", () => {
  test("is above zero when a buy pays more and when a sale gets less", async () => {
    // 65,065 and 64,935 against 65,000: ten basis points each.
    for (const body of [filled("buy", "65.065"), filled("sell", "64.935")]) {
      const lines = await samples([body]);
      expect(lines).toContain('slippage_bps_histogram_sum{product="BTC-USD"} 10');
      expect(lines).toContain('slippage_bps_histogram_bucket{le="5",product="BTC-USD"} 0');
      expect(lines).toContain('slippage_bps_histogram_bucket{le="10",product="BTC-USD"} 1');
      expect(lines).toContain('fills_total{product="BTC-USD"} 1');
    }
  });

  test("is below zero when the price was better", async () => {
    expect(await samples([filled("buy", "64.935")])).toContain(
      'slippage_bps_histogram_sum{product="BTC-USD"} -10',
    );
  });
});

test("an ended connection of a stream and a throttled answer count by endpoint", async () => {
  const metrics = metricsOf();
  metrics.disconnected("market");
  metrics.throttled("orders");
  const page = await metrics.page();
  expect(page).toContain('ws_disconnects_total{endpoint="market"} 1\n');
  expect(page).toContain('api_429_total{endpoint="orders"} 1\n');
});

test("an event heard twice counts once, and the journal's length is its last number", async () => {
  const metrics = metricsOf();
  for (const seq of [41, 42, 42, 41]) metrics.hear(event(seq, filled("buy", "65")));
  const page = await metrics.page();
  expect(page).toContain('fills_total{product="BTC-USD"} 2\n');
  expect(page).toContain("claudbot_journal_events_total 42\n");
});

test("gauges tell how the desk stands at the scrape", async () => {
  const lines = await samples([], { trading: "reducing" });
  expect(lines).toEqual(
    expect.arrayContaining([
      "bot_equity_usd 4982.4",
      'claudbot_trading_state{state="active"} 0',
      'claudbot_trading_state{state="reducing"} 1',
      'claudbot_trading_state{state="halted"} 0',
      'claudbot_trading_state{state="killed"} 0',
      'claudbot_circuit_breaker_state{name="daily-loss"} 0',
      'claudbot_circuit_breaker_state{name="throttled"} 1',
      "claudbot_open_orders 0",
      'claudbot_feed_age_seconds{stream="market"} 0.4',
      "claudbot_clock_ahead_seconds 0.12",
      'claudbot_deliveries{state="delivered"} 62',
      'claudbot_deliveries{state="waiting"} 1',
      'claudbot_build_info{version="0.1.0"} 1',
    ]),
  );
});

test("a clock that was not measured lately has no distance", async () => {
  const lines = await samples([], { clockAheadMs: null });
  expect(lines.filter((line) => line.startsWith("claudbot_clock"))).toEqual([]);
});

test("markets tell spread, depth, the cost of an entry and whether bars are whole; what is unknown is left out", async () => {
  const of = 'product="BTC-USD"';
  expect(await samples([])).toEqual(
    expect.arrayContaining([
      `claudbot_spread_bps{${of}} 2`,
      `claudbot_entry_slippage_bps{${of}} 1.5`,
      `claudbot_bars_whole{${of}} 1`,
      `claudbot_depth_usd{${of},side="bid",levels="1"} 15574`,
      `claudbot_depth_usd{${of},side="ask",levels="10"} 126690`,
    ]),
  );
  const [known] = view().markets;
  if (!known) throw new Error("the view sees a market");
  const blind = { ...known, spreadBps: null, depth: null, buying: null };
  const bars = { count: 0, whole: false };
  const lines = (await samples([], { markets: [{ ...blind, bars }] })).join("\n");
  expect(lines).toContain(`claudbot_bars_whole{${of}} 0`);
  for (const name of ["spread_bps", "entry_slippage_bps", "depth_usd"]) {
    expect(lines).not.toContain(`claudbot_${name}{`);
  }
});

test("what is not known is left out: equity before reconciling, a feed that never spoke", async () => {
  const lines = (await samples([], { reconciled: false })).join("\n");
  expect(lines).not.toContain("bot_equity_usd");
  expect(lines).not.toContain('stream="user"');
});

test("a database that does not answer takes its gauge away, never the page", async () => {
  const deliveries = () => Promise.reject(new Error("gone"));
  const metrics = createMetrics({ mode: "paper", version: "1", view: () => view(), deliveries });
  const page = await metrics.page();
  expect(page).not.toContain("claudbot_deliveries{");
  expect(page).toContain("claudbot_open_orders 0");
});
