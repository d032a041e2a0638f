/** Gauges: how the desk stands at the moment of the scrape, read from a view and from the outbox. */
// They keep nothing; a source that does not answer leaves its gauge out, it never fails the page.
import { Gauge, type Registry } from "prom-client";
import type { TradingState } from "../../core/control/trading.ts";
import type { DeskView, MarketSight } from "../../core/engine/views.ts";
import { approximate } from "../../core/kernel/money.ts";
import type { Deliveries } from "../../ports/deliveries.ts";

export interface GaugeSources {
  readonly view: () => DeskView;
  readonly deliveries: Deliveries["counts"];
  readonly version: string;
}

const STATES: { readonly [S in TradingState]: true } = {
  active: true,
  reducing: true,
  halted: true,
  killed: true,
};

export function registerGauges(
  register: Registry,
  { view, deliveries, version }: GaugeSources,
): void {
  const registers = [register];
  new Gauge({
    name: "bot_equity_usd",
    help: "Cash and positions at the last mark, in quote currency; absent until reconciled",
    registers,
    collect() {
      const { reconciled, glance } = view();
      if (reconciled) this.set(approximate(glance.equity));
      else this.remove();
    },
  });
  new Gauge({
    name: "claudbot_trading_state",
    help: "1 for the state the desk is in, 0 for the others",
    labelNames: ["state"],
    registers,
    collect() {
      const { trading } = view();
      for (const state of Object.keys(STATES)) this.set({ state }, state === trading ? 1 : 0);
    },
  });
  new Gauge({
    name: "claudbot_circuit_breaker_state",
    help: "1 while the breaker is tripped",
    labelNames: ["name"],
    registers,
    collect() {
      const all = view().breakers;
      // One that watches every product by itself is tripped when it is for one of them.
      const tripped = new Set(all.flatMap((one) => (one.tripped === null ? [] : [one.breaker])));
      for (const { breaker } of all) this.set({ name: breaker }, tripped.has(breaker) ? 1 : 0);
    },
  });
  new Gauge({
    name: "claudbot_open_orders",
    help: "Orders that are not over",
    registers,
    collect() {
      this.set(view().orders.length);
    },
  });
  new Gauge({
    name: "claudbot_feed_age_seconds",
    help: "Since the stream last proved alive; absent until it did",
    labelNames: ["stream"],
    registers,
    collect() {
      this.reset();
      for (const { stream, ageMs } of view().feeds) {
        if (ageMs !== null) this.set({ stream }, ageMs / 1000);
      }
    },
  });
  new Gauge({
    name: "claudbot_clock_ahead_seconds",
    help: "How far the venue's clock is ahead of ours; absent while not measured",
    registers,
    collect() {
      const { clockAheadMs } = view();
      if (clockAheadMs === null) this.remove();
      else this.set(clockAheadMs / 1000);
    },
  });
  registerMarkets(registers, view);
  registerDeliveries(registers, deliveries);
  new Gauge({
    name: "claudbot_build_info",
    help: "Always 1; the version is in the label",
    labelNames: ["version"],
    registers,
  }).set({ version }, 1);
}

/** One value for each product that has one now. */
function registerMarkets(registers: Registry[], view: GaugeSources["view"]): void {
  const gauge = (name: string, help: string, read: (of: MarketSight) => number | null): void => {
    new Gauge({
      name,
      help,
      labelNames: ["product"],
      registers,
      collect() {
        this.reset();
        for (const market of view().markets) {
          const value = read(market);
          if (value !== null) this.set({ product: market.product }, value);
        }
      },
    });
  };
  gauge(
    "claudbot_spread_bps",
    "Distance of the best ask from the best bid, in basis points; absent without a quote",
    ({ spreadBps }) => spreadBps,
  );
  gauge(
    "claudbot_entry_slippage_bps",
    "What one entry would pay beyond the best ask; absent without a book",
    ({ buying }) => buying?.slippageBps ?? null,
  );
  gauge(
    "claudbot_bars_whole",
    "1 while the bars that the strategy sees have no gap, else 0",
    ({ bars }) => (bars.whole ? 1 : 0),
  );
  gauge(
    "claudbot_volatility_risk_factor",
    "By which volatility changes the risk of an entry; 1 where it changes nothing",
    ({ riskFactor }) => riskFactor,
  );
  new Gauge({
    name: "claudbot_depth_usd",
    help: "Worth of the best levels of a side, in quote currency; absent without a book",
    labelNames: ["product", "side", "levels"],
    registers,
    collect() {
      this.reset();
      for (const { product, depth } of view().markets) {
        if (depth === null) continue;
        for (const [levels, worth] of [
          ["1", depth.top1],
          ["10", depth.top10],
        ] as const) {
          this.set({ product, side: "bid", levels }, approximate(worth.bids));
          this.set({ product, side: "ask", levels }, approximate(worth.asks));
        }
      }
    },
  });
}

function registerDeliveries(registers: Registry[], counts: Deliveries["counts"]): void {
  new Gauge({
    name: "claudbot_deliveries",
    help: "Messages in the outbox; absent while the database does not answer",
    labelNames: ["state"],
    registers,
    async collect() {
      this.reset();
      try {
        const { delivered, waiting, failed } = await counts();
        this.set({ state: "delivered" }, delivered);
        this.set({ state: "waiting" }, waiting);
        this.set({ state: "failed" }, failed);
      } catch {
        this.reset();
      }
    },
  });
}
