/** Wishes that go beyond a cap, and policies that have one: how each rule about the order itself is made to say no. */

import { quote, size } from "../../src/core/kernel/money.ts";
import { later } from "../../src/core/kernel/time.ts";
import type { RuleName } from "../../src/core/risk/veto.ts";
import type { Intent } from "../../src/core/strategy/intent.ts";
import { BTC, ETH, SOL } from "./market.ts";
import {
  breakers,
  either,
  flood,
  lower,
  much,
  type Provocation,
  portfolio,
  product,
  want,
} from "./tricks.ts";
import { calm } from "./wishes.ts";

export const BEYOND = {
  "allow-list": { now: flood(1, { product: SOL }) },
  increments: { now: flood(1, { size: 1n as Intent["size"] }) },
  minimums: { now: flood(1, { size: size("0.000001") }) },
  "price-collar": {
    policy: product(BTC, { max_slippage_bps: 15 }),
    now: async (scene) => {
      const ask = scene.market.last(BTC)?.ask ?? 0n;
      const far = (((ask * 102n) / 100n / 10n ** 16n) * 10n ** 16n) as Intent["limit"];
      want(scene, { limit: far });
    },
  },
  depth: {
    policy: product(BTC, { min_depth_multiple: 2 }),
    now: async (scene) => {
      scene.market.mood.thinUntil = scene.time.clock.now() + 3000;
      await scene.time.pass(1500);
      want(scene);
      await scene.time.pass(3000);
    },
  },
  spread: {
    policy: breakers({ spread_widening_bps: 50 }),
    now: async (scene) => {
      scene.market.mood.wideUntil = scene.time.clock.now() + 3000;
      await scene.time.pass(1500);
      want(scene);
      await scene.time.pass(3000);
    },
  },
  "order-notional": {
    policy: product(BTC, { max_order_notional_usd: quote("2500") }),
    // A little more than the cap, and nothing else wrong with it.
    now: async (scene) => {
      for (let tries = 0; tries < 4; tries += 1) {
        want(scene, { size: size("0.052") });
        await scene.time.pass(1500);
      }
    },
  },
  "order-equity": { policy: product(BTC, { max_order_equity_pct: 12.5 }), now: much },
  "position-notional": {
    policy: product(BTC, { max_position_notional_usd: quote("5000") }),
    now: much,
  },
  "position-units": { policy: product(BTC, { max_position_units: size("0.13") }), now: much },
  "position-equity": { policy: product(BTC, { max_position_equity_pct: 30 }), now: much },
  "gross-notional": { policy: portfolio({ max_gross_notional_usd: quote("8000") }), now: much },
  "net-notional": { policy: portfolio({ max_net_notional_usd: quote("7000") }), now: much },
  "exposure-equity": { policy: portfolio({ max_exposure_pct: 40 }), now: much },
  leverage: { policy: product(BTC, { max_leverage: 0.5 }), now: much },
  "strategy-notional": {
    policy: portfolio({ max_strategy_notional_usd: quote("6000") }),
    now: much,
  },
  "quote-reserve": { policy: portfolio({ min_quote_reserve_usd: quote("9000") }), now: much },
  funds: { now: much },
  cover: { now: flood(1, { side: "sell", purpose: "stop", size: size("900") }) },
  "open-orders": {
    policy: (policy, minute) =>
      product(BTC, { max_open_orders: 3 })(
        minute % 2 === 0 ? portfolio({ max_open_orders: 5 })(policy) : policy,
      ),
    now: flood(8, { timeInForce: "gtc" }),
  },
  "orders-per-second": {
    policy: (policy) =>
      product(BTC, { cooldown_seconds: 0 })(portfolio({ max_orders_per_second: 3 })(policy)),
    now: flood(8),
  },
  "orders-per-minute": { policy: portfolio({ max_orders_per_minute: 12 }), now: flood(16) },
  "orders-per-day": {
    policy: portfolio({ max_orders_per_day: 60 }),
    now: lower("portfolio.max_orders_per_day", "0"),
    last: true,
  },
  turnover: { policy: portfolio({ max_turnover_per_day_usd: quote("60000") }), now: much },
  churn: {
    policy: portfolio({ max_cancels_per_minute: 3 }),
    now: async (scene) => {
      const cheap = (scene.market.last(ETH)?.bid ?? 0n) as Intent["limit"];
      await flood(6, { timeInForce: "gtc", product: ETH, limit: cheap })(scene);
      await scene.time.pass(1500);
      for (const { plan } of scene.state.desk.orders.values()) {
        if (plan.purpose === "entry") scene.ask({ verb: "cancel", order: plan.id });
      }
      await scene.time.pass(5);
      want(scene);
    },
  },
  duplicate: {
    policy: product(BTC, { duplicate_window_seconds: 30 }),
    now: async (scene) => {
      for (let tries = 0; tries < 3; tries += 1) {
        const one = calm(scene, BTC);
        scene.want(one);
        scene.want(one);
        await scene.time.pass(2000);
        const { id: _, at: __, validUntil: ___, ...again } = one;
        want(scene, again);
      }
    },
  },
  "self-cross": {
    now: async (scene) => {
      for (let tries = 0; tries < 4; tries += 1) {
        want(scene);
        await scene.time.pass(2500);
        const held = (scene.ledger.held.get(BTC) ?? 0n) as Intent["size"];
        const shape = { purpose: "take", timeInForce: "gtc" } as const;
        if (held > 0n) want(scene, { side: "sell", size: held, ...shape });
        await scene.time.pass(20);
        want(scene);
      }
    },
  },
  "signal-age": {
    now: async (scene) => {
      const now = scene.time.clock.now();
      want(scene, { at: later(now, -30_000), validUntil: later(now, -1000) });
    },
  },
  edge: {
    policy: product(ETH, { min_edge_multiple: 0.3 }),
    now: flood(1, { product: ETH, takeBps: 30 }),
  },
  "realized-loss": {
    policy: portfolio({ max_realized_loss_24h_usd: quote("5000") }),
    now: lower("portfolio.max_realized_loss_24h_usd", "0.01"),
    last: true,
  },
  "day-loss": {
    now: either(
      lower("portfolio.max_daily_loss_usd", "0.01"),
      lower("portfolio.max_daily_loss_pct", "0.0001"),
    ),
    last: true,
  },
  drawdown: {
    now: either(
      lower("portfolio.max_drawdown_usd", "0.01"),
      lower("portfolio.max_drawdown_pct", "0.0001"),
    ),
    last: true,
  },
  "loss-streak": {
    // Bought and sold again costs two fees.
    now: async (scene) => {
      for (let tries = 0; tries < 6; tries += 1) {
        const held = (scene.ledger.held.get(BTC) ?? 0n) as Intent["size"];
        if (held > 0n) want(scene, { side: "sell", purpose: "signal-exit", size: held });
        else want(scene);
        await scene.time.pass(4000);
      }
      await lower("circuit_breakers.consecutive_losses", "1")(scene);
    },
    last: true,
  },
  cooldown: {
    policy: product(ETH, { cooldown_seconds: 3 }),
    now: async (scene) => {
      for (let tries = 0; tries < 6; tries += 1) {
        want(scene, { product: ETH });
        await scene.time.pass(500);
      }
    },
  },
  "stop-cooldown": {
    policy: product(BTC, { cooldown_after_stop_seconds: 20 }),
    now: async (scene) => {
      for (let tries = 0; tries < 4; tries += 1) {
        want(scene, { stopBps: 30 });
        await scene.time.pass(2500);
        scene.market.jump(BTC, -120);
        await scene.time.pass(2500);
        want(scene);
      }
    },
  },
  volatility: {
    policy: (policy, minute) =>
      product(BTC, { max_move_bps_per_minute: 80 })(
        minute % 2 === 0 ? breakers({ volatility_bps_per_minute: 90 })(policy) : policy,
      ),
    now: async (scene) => {
      scene.market.jump(BTC, scene.random.next() < 0.5 ? 120 : -120);
      for (const wait of [1500, 2500, 9000]) {
        await scene.time.pass(wait);
        want(scene);
      }
    },
  },
} as const satisfies { readonly [R in RuleName]?: Provocation };
