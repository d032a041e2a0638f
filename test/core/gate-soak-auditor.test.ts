/** The auditor of the soak on orders that come in after others that were decided later: each cap binds its own decisions. */
import { expect, test } from "vitest";
import { orderId, type ProductId } from "../../src/core/kernel/ids.ts";
import { price, size } from "../../src/core/kernel/money.ts";
import { seeded } from "../../src/core/kernel/random.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { Plan } from "../../src/core/order/state.ts";
import type { Policy, ProductLimits } from "../../src/core/risk/limits.ts";
import { NOW, PLAN } from "../kit/sample-desk.ts";
import { Auditor } from "../soak/auditor.ts";
import { Ledger } from "../soak/ledger.ts";
import { BTC, ETH, Market } from "../soak/market.ts";

const limits = (max_leverage: number): ProductLimits => ({
  max_position_notional_usd: null,
  max_position_units: null,
  max_order_notional_usd: null,
  max_leverage,
  max_slippage_bps: null,
  cooldown_seconds: null,
});

/** Of 20 000 in cash at most 12 000 may be at stake when BTC is bought, and 18 000 when ETH is. */
const policy: Policy = {
  portfolio: {
    max_gross_notional_usd: null,
    max_net_notional_usd: null,
    max_daily_loss_usd: null,
    max_drawdown_usd: null,
    max_orders_per_minute: null,
  },
  per_symbol: new Map([
    [BTC, limits(0.6)],
    [ETH, limits(0.9)],
  ]),
  circuit_breakers: {
    consecutive_rejects: null,
    consecutive_losses: null,
    websocket_disconnect_seconds: null,
    api_429_per_minute: null,
    spread_widening_bps: null,
    stale_price_seconds: null,
    confirm_seconds: 0,
  },
  event_lockouts: [],
  allowed: { products: [BTC, ETH], order_types: ["limit_gtc"] },
};

/** An exchange at which orders leave, and come in, in any order; `broken` are the caps that it has seen broken. */
function exchange() {
  const ledger = new Ledger();
  const market = new Market(seeded("late"));
  market.publish(NOW);
  const auditor = new Auditor(ledger, market, policy, (product) => product);
  let count = 0;
  return {
    /** @param dollars what it may cost */
    decide(product: ProductId, dollars: number, ms: number): Plan {
      count += 1;
      const plan: Plan = {
        ...PLAN,
        id: orderId(`order-${count}`),
        product,
        size: size(String(dollars / 1000)),
        limit: price("1000"),
        timeInForce: "gtc",
        plannedAt: later(NOW, ms),
      };
      auditor.left(plan, later(NOW, ms));
      return plan;
    },
    comes: (plan: Plan, ms: number) => auditor.accepted(ledger.take(plan, later(NOW, ms))),
    broken: () => auditor.violations.map(({ cap }) => cap),
  };
}

test("an order that was overtaken is not held to what was decided about another product after it", () => {
  const { decide, comes, broken } = exchange();
  const late = decide(BTC, 11_000, 10);
  const next = decide(ETH, 6000, 10);
  comes(next, 20);
  comes(late, 9000);
  expect(broken()).toEqual([]);
});

test("an order that was overtaken is held to its own cap by all that was decided before it", () => {
  const { decide, comes, broken } = exchange();
  const first = decide(ETH, 6000, 10);
  const late = decide(BTC, 7000, 10);
  const next = decide(ETH, 1000, 10);
  comes(next, 20);
  comes(first, 30);
  expect(broken()).toEqual([]);
  comes(late, 9000);
  expect(broken()).toEqual(["max_leverage"]);
});

test("a decision that left out an order still under way is found out when that order comes in", () => {
  const { decide, comes, broken } = exchange();
  const late = decide(BTC, 11_000, 10);
  const blind = decide(ETH, 8000, 500);
  comes(blind, 520);
  expect(broken()).toEqual([]);
  comes(late, 9000);
  expect(broken()).toEqual(["max_leverage"]);
});

test("what is wrong with the decision about one product is found out though another was decided after it", () => {
  const { decide, comes, broken } = exchange();
  const late = decide(ETH, 9000, 10);
  const blind = decide(BTC, 4000, 500);
  const next = decide(ETH, 1000, 900);
  comes(blind, 520);
  comes(next, 920);
  expect(broken()).toEqual([]);
  comes(late, 9000);
  expect(broken()).toEqual(["max_leverage"]);
});
