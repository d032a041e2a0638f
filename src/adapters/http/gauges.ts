/** Gauges: how the desk stands at the moment of the scrape, read from a view and from the outbox. */
// They keep nothing; a source that does not answer leaves its gauge out, it never fails the page.
import { Gauge, type Registry } from "prom-client";
import type { TradingState } from "../../core/control/trading.ts";
import type { DeskView } from "../../core/engine/views.ts";
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
      for (const { breaker, tripped } of view().breakers) {
        this.set({ name: breaker }, tripped === null ? 0 : 1);
      }
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
  registerDeliveries(registers, deliveries);
  new Gauge({
    name: "claudbot_build_info",
    help: "Always 1; the version is in the label",
    labelNames: ["version"],
    registers,
  }).set({ version }, 1);
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
