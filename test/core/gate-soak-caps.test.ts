/** Every cap of the policy is asserted by the exchange of the soak; those on losses, streaks and moves are seen going red here. */
import { expect, test } from "vitest";
import { orderId } from "../../src/core/kernel/ids.ts";
import { price, quote, size } from "../../src/core/kernel/money.ts";
import { seeded } from "../../src/core/kernel/random.ts";
import { type Instant, instant, later } from "../../src/core/kernel/time.ts";
import type { Plan } from "../../src/core/order/state.ts";
import {
  BREAKER_LIMITS,
  PORTFOLIO_LIMITS,
  type Policy,
  PRODUCT_LIMITS,
} from "../../src/core/risk/limits.ts";
import { PLAN } from "../kit/sample-desk.ts";
import { Auditor } from "../soak/auditor.ts";
import { CAPS } from "../soak/caps.ts";
import { ACCOUNT_CHECKS, ORDER_CHECKS } from "../soak/checks.ts";
import { COURSE_CHECKS } from "../soak/checks-course.ts";
import { Ledger } from "../soak/ledger.ts";
import { BTC, Market } from "../soak/market.ts";

const SPECS = {
  portfolio: PORTFOLIO_LIMITS,
  per_symbol: PRODUCT_LIMITS,
  circuit_breakers: BREAKER_LIMITS,
} as const;
const ASSERTED = { ...ORDER_CHECKS, ...ACCOUNT_CHECKS, ...COURSE_CHECKS };

test.each(Object.entries(SPECS))(
  "every cap of %s has an assertion, or a reason why there is none",
  (section, specs) => {
    const unheld = Object.keys(specs).filter((key) => {
      const held = CAPS[section]?.[key];
      return !held || ("not" in held ? held.not.length < 40 : !Object.hasOwn(ASSERTED, held.by));
    });
    expect(unheld, "rows missing in test/soak/caps.ts, or their assertions").toEqual([]);
  },
);

const NOON = instant(Date.UTC(2026, 2, 2, 12));
const NONE = {
  max_gross_notional_usd: null,
  max_net_notional_usd: null,
  max_daily_loss_usd: null,
  max_drawdown_usd: null,
  max_orders_per_minute: null,
};
const UNLIMITED = {
  max_position_notional_usd: null,
  max_position_units: null,
  max_order_notional_usd: null,
  max_leverage: null,
  max_slippage_bps: null,
  cooldown_seconds: null,
};
const UNTRIPPED = {
  consecutive_rejects: null,
  consecutive_losses: null,
  websocket_disconnect_seconds: null,
  api_429_per_minute: null,
  spread_widening_bps: null,
  stale_price_seconds: 3600,
  confirm_seconds: 0,
};

interface Caps {
  readonly portfolio?: Partial<Policy["portfolio"]>;
  readonly product?: { readonly [K in keyof typeof PRODUCT_LIMITS]?: number };
  readonly breakers?: Partial<Policy["circuit_breakers"]>;
}
const policyOf = ({ portfolio, product, breakers }: Caps): Policy => ({
  portfolio: { ...NONE, ...portfolio },
  per_symbol: new Map([[BTC, { ...UNLIMITED, ...product } as never]]),
  circuit_breakers: { ...UNTRIPPED, ...breakers },
  event_lockouts: [],
  allowed: { products: [BTC], order_types: ["limit_gtc"] },
});

/** An exchange with one product, whose time the test moves. */
function open(caps: Caps) {
  const ledger = new Ledger();
  const market = new Market(seeded("caps"));
  const auditor = new Auditor(ledger, market, policyOf(caps), () => "alpha");
  let at: Instant = NOON;
  let count = 0;
  const plan = (more: Partial<Plan>): Plan => {
    count += 1;
    const id = orderId(`order-${count}`);
    const base = { product: BTC, size: size("0.01"), limit: price("60000") };
    return { ...PLAN, ...base, id, timeInForce: "gtc", plannedAt: at, takeBps: 100, ...more };
  };
  const here = {
    ledger,
    now: () => at,
    /** Seconds pass; prices are published in each. */
    pass(seconds: number, isQuiet = false) {
      for (let left = seconds; left > 0; left -= 1) {
        at = later(at, 1000);
        auditor.look(at);
        if (isQuiet) continue;
        market.publish(at);
        for (const stream of ["market", "user"] as const) ledger.course.alive(stream, at);
      }
      return here;
    },
    jump(points: number) {
      market.jump(BTC, points);
      return here;
    },
    resume() {
      auditor.resumed(at);
      return here.pass(1);
    },
    /** Hours of which nobody says anything. */
    skip(hours: number) {
      at = later(at, hours * 3_600_000);
      return here.pass(120);
    },
    /** Executed at once, and told. @param dollars for one whole unit */
    trades(side: Plan["side"], dollars: string, more: Partial<Plan> = {}) {
      const taken = ledger.take(plan({ side, ...more }), at);
      ledger.fill(taken, size("0.01"), price(dollars), at);
      ledger.tell(taken, { fills: 1, progress: "filled" }, at);
      return here;
    },
    /** The caps that an entry decided now breaks. */
    broken(more: Partial<Plan> = {}): readonly string[] {
      const entry = plan(more);
      const before = auditor.violations.length;
      auditor.left(entry, at);
      const taken = ledger.take(entry, at);
      auditor.accepted(taken);
      ledger.close(taken, "expired", at);
      return auditor.violations.slice(before).map(({ cap }) => cap);
    },
  };
  return here.pass(70);
}
type Here = ReturnType<typeof open>;

/** A round trip that loses about 600 and 6.6 of fees. */
const lose = (on: Here, more: Partial<Plan> = {}): Here =>
  on.trades("buy", "100000").pass(1).trades("sell", "40000", more).pass(1);

interface Row extends Caps {
  /** Not yet beyond the cap. */
  readonly before?: (on: Here) => unknown;
  /** And now it is. */
  readonly beyond: (on: Here) => unknown;
  readonly entry?: Partial<Plan>;
}
const refuse = (on: Here): Here => {
  on.ledger.course.refused(BTC, on.now());
  return on;
};
const fail = (on: Here): Here => {
  on.ledger.course.failed(on.now());
  return on;
};

const RED: { readonly [C in keyof typeof COURSE_CHECKS]: readonly Row[] } = {
  max_daily_loss_usd: [
    { portfolio: { max_daily_loss_usd: quote("700") }, before: lose, beyond: lose },
    {
      // Nothing was sold: what is held fell.
      portfolio: { max_daily_loss_usd: quote("300") },
      before: (on) => on.trades("buy", "50000"),
      beyond: (on) => on.jump(-9000).pass(1),
    },
    {
      portfolio: { max_daily_loss_usd: quote("300") },
      // The loss of yesterday is not that of today.
      before: (on) => lose(on).skip(11.97).pass(120),
      beyond: lose,
    },
  ],
  max_daily_loss_pct: [{ portfolio: { max_daily_loss_pct: 4 }, before: lose, beyond: lose }],
  max_realized_loss_24h_usd: [
    {
      portfolio: { max_realized_loss_24h_usd: quote("700") },
      // Midnight clears nothing of it.
      before: (on) => lose(on).skip(12),
      beyond: lose,
    },
  ],
  max_drawdown_usd: [
    { portfolio: { max_drawdown_usd: quote("700") }, before: lose, beyond: lose },
    {
      portfolio: { max_drawdown_usd: quote("700") },
      // Resumed, it is measured from where it was.
      before: (on) => lose(lose(lose(on)).resume()),
      beyond: lose,
    },
  ],
  max_drawdown_pct: [{ portfolio: { max_drawdown_pct: 4 }, before: lose, beyond: lose }],
  consecutive_losses: [
    { breakers: { consecutive_losses: 2 }, before: lose, beyond: lose },
    {
      breakers: { consecutive_losses: 2 },
      before: (on) => lose(lose(lose(on)).resume()),
      beyond: lose,
    },
  ],
  consecutive_rejects: [{ breakers: { consecutive_rejects: 2 }, before: refuse, beyond: refuse }],
  identical_rejects: [
    {
      breakers: { identical_rejects: 2 },
      before: (on) => refuse(refuse(on)).pass(61),
      beyond: refuse,
    },
  ],
  errors_per_5_minutes: [
    {
      breakers: { errors_per_5_minutes: 2 },
      before: (on) => fail(fail(fail(on)).pass(300)),
      beyond: fail,
    },
  ],
  api_429_per_minute: [
    {
      breakers: { api_429_per_minute: 1 },
      beyond: (on) => on.ledger.course.throttled(on.now()),
    },
  ],
  websocket_disconnect_seconds: [
    {
      breakers: { websocket_disconnect_seconds: 5 },
      before: (on) => on.pass(4, true),
      beyond: (on) => on.pass(5, true),
    },
  ],
  unknown_orders: [
    {
      breakers: { unknown_orders: 1 },
      beyond(on) {
        const taken = on.ledger.take({ ...PLAN, product: BTC, plannedAt: on.now() }, on.now());
        taken.doubtAt = on.now();
      },
    },
  ],
  cooldown_after_stop_seconds: [
    {
      product: { cooldown_after_stop_seconds: 20 },
      before: (on) => lose(on, { purpose: "stop" }).pass(20),
      beyond: (on) => lose(on, { purpose: "stop" }),
    },
  ],
  min_edge_multiple: [
    { product: { min_edge_multiple: 1 }, beyond: () => {}, entry: { takeBps: 110 } },
    { product: { min_edge_multiple: 1 }, beyond: () => {}, entry: { takeBps: null } },
  ],
  max_move_bps_per_minute: [
    {
      product: { max_move_bps_per_minute: 300 },
      beyond: (on) => on.jump(-500).pass(4),
    },
  ],
  volatility_bps_per_minute: [
    {
      breakers: { volatility_bps_per_minute: 300 },
      before: (on) => on.jump(-500).pass(5),
      beyond: (on) => on.pass(10),
    },
  ],
};

const ROWS = Object.entries(RED).flatMap(([cap, rows]) =>
  rows.map((row, nth) => ({ cap, nth, row })),
);

test("every assertion of this kind has a row here", () => {
  expect(Object.keys(RED).sort()).toEqual(Object.keys(COURSE_CHECKS).sort());
});

test.each(ROWS)("$cap is seen when it is broken, and not before ($nth)", ({ cap, row }) => {
  const on = open(row);
  row.before?.(on);
  on.pass(1, true);
  const fits = { takeBps: 150 };
  expect(on.broken(fits)).not.toContain(cap);
  row.beyond(on);
  on.pass(1, true);
  expect(on.broken(row.entry ?? fits)).toContain(cap);
});
