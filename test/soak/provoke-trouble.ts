/** Trouble with streams, clocks, answers and people: how each rule about the state of things is made to say no. */

import { quote, size } from "../../src/core/kernel/money.ts";
import type { RuleName } from "../../src/core/risk/veto.ts";
import { BTC, ETH } from "./market.ts";
import {
  altered,
  breakers,
  deaf,
  either,
  flood,
  lower,
  type Provocation,
  portfolio,
  product,
  quiet,
  refused,
  room,
  trouble,
  want,
  window,
} from "./tricks.ts";

export const TROUBLE = {
  "mode-armed": { now: async (scene) => altered(scene, "mode", "") },
  leader: {
    now: async (scene) => {
      scene.shell.leading = false;
      await scene.time.pass(300);
      want(scene);
      scene.shell.leading = true;
      await scene.time.pass(300);
    },
  },
  journal: {
    now: async (scene) => {
      scene.journal.stuckUntil = scene.time.clock.now() + 4000;
      want(scene);
      scene.shell.unwrittenMs = 1500;
      await scene.time.pass(300);
      await flood(4)(scene);
      scene.shell.unwrittenMs = 0;
      await scene.time.pass(300);
      await flood(4, { product: ETH })(scene);
      await scene.time.pass(5000);
    },
  },
  reconciled: {
    now: async (scene) => {
      scene.put({ kind: "feed.broken", stream: "user", cause: "told to" });
      await scene.time.pass(5);
      want(scene);
    },
  },
  policy: {
    now: async (scene) => {
      const policy = scene.state.desk.policy;
      if (policy) altered(scene, "policy", portfolio({ max_gross_notional_usd: null })(policy));
    },
  },
  "clock-skew": {
    now: async (scene) => {
      scene.put({ kind: "clock.measured", aheadMs: -12_000 });
      await scene.time.pass(5);
      want(scene);
      scene.put({ kind: "clock.measured", aheadMs: 20 });
    },
  },
  "trading-state": {
    policy: breakers({ api_429_per_minute: 3 }),
    now: either(
      async (scene) => {
        const verb = scene.random.next() < 0.5 ? "pause" : "kill";
        const from = scene.time.clock.now();
        scene.auditor.closures.push({ from, until: Number.POSITIVE_INFINITY });
        scene.ask({ verb, reason: "told to" });
        await scene.time.pass(5);
        await flood(3)(scene);
      },
      async (scene) => {
        for (let left = 3; left > 0; left -= 1) trouble(scene, "throttled");
        await scene.time.pass(5);
        await flood(3)(scene);
      },
    ),
  },
  "stale-data": { policy: breakers({ stale_price_seconds: 5 }), now: quiet(8000) },
  "no-price": { now: quiet(33_000) },
  "market-heartbeat": {
    policy: breakers({ websocket_disconnect_seconds: 6 }),
    now: quiet(7000),
  },
  "price-check": {
    now: async (scene) => {
      const markets = [...scene.state.sight.markets.values()];
      for (const market of markets) market.checked = { offBps: 500, at: scene.time.clock.now() };
      want(scene);
      await scene.time.pass(5);
      for (const market of markets) market.checked = null;
    },
  },
  "account-stream": {
    now: async (scene) => {
      scene.exchange.temper.silentUntil = scene.time.clock.now() + 7000;
      await scene.time.pass(6800);
      want(scene);
    },
  },
  "same-refusal": {
    policy: breakers({ identical_rejects: 2 }),
    now: async (scene) => {
      await refused(3)(scene);
      want(scene);
    },
  },
  "error-rate": {
    policy: breakers({ errors_per_5_minutes: 8 }),
    now: async (scene) => {
      for (let left = 8; left > 0; left -= 1) trouble(scene, "failed");
      await scene.time.pass(5);
      want(scene);
    },
    last: true,
  },
  "reject-streak": {
    policy: breakers({ consecutive_rejects: 4 }),
    now: either(refused(5), async (scene) => {
      await refused(2)(scene);
      await lower("circuit_breakers.consecutive_rejects", "2")(scene);
    }),
  },
  "unknown-orders": {
    policy: (policy) =>
      portfolio({ max_gross_notional_usd: quote("5000") })(
        product(ETH, { max_position_notional_usd: quote("4500"), cooldown_seconds: 0 })(policy),
      ),
    now: async (scene) => {
      for (let tries = 0; tries < 3; tries += 1) {
        await deaf(1)(scene);
        await scene.time.pass(15_000);
      }
    },
  },
  "unknown-total": {
    policy: breakers({ unknown_orders: 2 }),
    now: either(deaf(4), async (scene) => {
      const { temper } = scene.exchange;
      await room(scene);
      temper.deafUntil = scene.time.clock.now() + 12_000;
      temper.lost = 1;
      want(scene, { size: size("0.002") });
      await scene.time.pass(6000);
      const small = { product: ETH, size: size("0.05") };
      await lower("circuit_breakers.unknown_orders", "1", small)(scene);
      temper.lost = 0;
    }),
  },
  drift: {
    now: async (scene) => {
      scene.ledger.deposit(quote("250"));
      for (let left = 45; left > 0; left -= 1) {
        await scene.time.pass(2000);
        want(scene, { size: size("900") });
      }
    },
  },
  "external-orders": {
    now: async (scene) => {
      const { ledger, time } = scene;
      const venueId = `theirs-${ledger.foreign.length}` as (typeof ledger.foreign)[0]["venueId"];
      const theirs = { venueId, product: BTC, worth: quote("500"), live: true, toldAt: null };
      ledger.foreign.push(theirs);
      for (let left = 8; left > 0; left -= 1) {
        await time.pass(5000);
        want(scene);
      }
      theirs.live = false;
      await time.pass(31_000);
    },
  },
  manual: { now: flood(1, { side: "sell", purpose: "flatten" }) },
  lockout: {
    policy: (policy, minute) => ({ ...policy, event_lockouts: [window(minute, 3, 4)] }),
    now: async (scene) => {
      for (let left = 30; left > 0; left -= 1) {
        await scene.time.pass(8000);
        want(scene);
      }
    },
  },
  "session-window": {
    policy: (policy, minute) => ({
      ...policy,
      session_windows: [window(minute, -1, 5), window(minute, 6, 1430)],
    }),
    now: async (scene) => {
      for (let left = 46; left > 0; left -= 1) {
        await scene.time.pass(8000);
        want(scene);
      }
    },
  },
} as const satisfies { readonly [R in RuleName]?: Provocation };
